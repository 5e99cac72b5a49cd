package propose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sl-suite/sl/lib/record"
)

// The profile to change is not always the one that the log names.
func TestHomeOfRules(t *testing.T) {
	const enters = "verdict=AUDIT profile=unconfined operation=userns_create class=namespace comm=nsjail target=unprivileged_userns"
	ix := Options{Exec: Inherit}
	for _, c := range []struct {
		options Options
		events  string
		want    string
	}{
		{Options{}, "profile=unprivileged_userns comm=nsjail class=cap operation=capable capname=setgid",
			`unprivileged_userns: [userns] "nsjail" makes a user namespace and has no profile: what it does there is denied by "unprivileged_userns", which all such programs share`},
		{Options{}, enters,
			`unprivileged_userns: [userns] "nsjail" makes a user namespace and has no profile: what it does there is denied by "unprivileged_userns", which all such programs share`},
		{Options{}, "verdict=AUDIT profile=unconfined operation=userns_create class=namespace comm=x target=other", ``},
		{Options{}, "profile=unconfined class=namespace operation=userns_create denied=userns_create comm=x",
			`unconfined: [userns] "x" makes a user namespace and has no profile: what it does there is denied by "unprivileged_userns", which all such programs share`},
		{Options{}, "profile=unconfined class=file operation=change_onexec name=q info=label~not~found error=-2", `unconfined: [transition] change_onexec to "q": "label not found"`},

		// In complain mode what a program does whose profile is missing belongs there.
		{ix, "verdict=ALLOWED class=file operation=open profile=p//null-/h name=/f denied_mask=r\n" +
			"verdict=ALLOWED class=file operation=exec name=/h denied_mask=x info=profile~transition~not~found error=-13 target=p//null-/h",
			"p: [exec] what \"/h\" does belongs to the profile that the rule for it names, which is missing\np: [transition] exec of \"/h\": \"profile transition not found\""},
		{ix, "verdict=ALLOWED class=file operation=open profile=p//null-/h//null-/i name=/f denied_mask=r\n" +
			"verdict=ALLOWED class=file operation=exec name=/h denied_mask=x info=profile~transition~not~found error=-13 target=p//null-/h",
			"p: [exec] what \"/h\" does belongs to the profile that the rule for it names, which is missing\np: [transition] exec of \"/h\": \"profile transition not found\""},
		{ix, "verdict=ALLOWED class=file operation=open profile=p//null-/other name=/f denied_mask=r\n" +
			"verdict=ALLOWED class=file operation=exec name=/h denied_mask=x info=profile~transition~not~found error=-13 target=p//null-/h",
			"p: \"/f\" r,\np: [transition] exec of \"/h\": \"profile transition not found\""},

		// Capabilities that the kernel asks for because ptrace was refused.
		{Options{}, "class=ptrace operation=ptrace denied_mask=read peer=q\nclass=cap operation=capable capname=perfmon\nclass=cap operation=capable capname=sys_admin",
			"p: ptrace (read) peer=\"q\",\np: [fallback] the kernel asks for capability perfmon where it has refused ptrace\np: [fallback] the kernel asks for capability sys_admin where it has refused ptrace"},
		{Options{}, "class=ptrace operation=ptrace denied_mask=read peer=q\nclass=cap operation=capable capname=sys_admin", "p: capability sys_admin,\np: ptrace (read) peer=\"q\","},
		{Options{}, "class=ptrace operation=ptrace denied_mask=read peer=q\nclass=cap operation=capable capname=perfmon\nclass=cap operation=capable capname=perfmon",
			"p: capability perfmon,\np: ptrace (read) peer=\"q\","},

		// The number of a process itself, without a policy.
		{Options{}, own + "operation=open name=/proc/57/x denied_mask=r pid=57", `p: owner "@{PROC}/@{pid}/x" r,`},
		{Options{}, own + "operation=open name=/proc/58/x denied_mask=r pid=57",
			"p: owner \"/proc/58/x\" r,\np: [once] names like \"@{PROC}/@{pid}/x\" are others at every run: a rule for one of them never matches again"},
		{Options{Exact: true}, own + "operation=open name=/proc/57/x denied_mask=r pid=57",
			"p: owner \"/proc/57/x\" r,\np: [once] names like \"@{PROC}/@{pid}/x\" are others at every run: a rule for one of them never matches again"},
		{Options{NoVariables: true}, own + "operation=open name=/proc/57/x denied_mask=r pid=57", `p: owner "/proc/57/x" r,`},

		// What managers make.
		{Options{}, file + "profile=snap.btop.btop operation=open name=/proc/spl/x denied_mask=r", "snap.btop.btop: \"/proc/spl/x\" r,\nsnap.btop.btop: [local] snapd makes this profile anew: a rule in it is lost"},
		{Options{}, file + "profile=libvirt-11111111-2222-3333-4444-555555555555//passt operation=open name=/x denied_mask=r",
			"libvirt-11111111-2222-3333-4444-555555555555//passt: \"/x\" r,\nlibvirt-11111111-2222-3333-4444-555555555555//passt: [local] libvirt makes this profile at each start of the machine"},
		{Options{}, file + "profile=docker-default operation=open name=/x denied_mask=r", "docker-default: \"/x\" r,\ndocker-default: [local] the container engine makes this profile, for all containers"},
	} {
		p := New(c.options)
		for line := range strings.SplitSeq(c.events, "\n") {
			if err := p.AddEvent(event(t, line)); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(c.want, strings.Join(outcome(p), "\n")); diff != "" {
			t.Errorf("%s: %s", c.events, diff)
		}
		again := New(c.options) // merged, it is the same
		for r := range p.Rules() {
			if err := again.AddRule(&r); err != nil {
				t.Fatal(err)
			}
		}
		for n := range p.Notes() {
			again.AddNote(&n)
		}
		if diff := cmp.Diff(c.want, strings.Join(outcome(again), "\n")); diff != "" {
			t.Errorf("%s, merged: %s", c.events, diff)
		}
	}
}

// The hint is what can be done there, and holds nothing that a stranger could have
// pasted into a profile.
func TestHintOfHome(t *testing.T) {
	for _, c := range []struct{ events, hint string }{
		{"profile=unprivileged_userns comm=nsjail class=cap operation=capable capname=setgid", "profile nsjail PATH flags=(unconfined) { userns, }"},
		{"profile=unprivileged_userns comm=a{}~profile~x class=cap operation=capable capname=setgid", "profile NAME PATH flags=(unconfined) { userns, }"},
		{file + "profile=snap.btop.btop operation=open name=/proc/spl/x denied_mask=r", "see: snap connections btop; then snap connect btop:hardware-observe"},
		{file + "profile=libvirt-1 operation=open name=/x denied_mask=r", "local/abstractions/libvirt-qemu"},
		{file + "profile=lxc-x operation=open name=/x denied_mask=r", "lxc.apparmor.raw"},
	} {
		p := New(Options{})
		if err := p.AddEvent(event(t, c.events)); err != nil {
			t.Fatal(err)
		}
		hints := ""
		for n := range p.Notes() {
			hints += n.Hint + "\n"
		}
		if !strings.Contains(hints, c.hint) {
			t.Errorf("%s: %s", c.events, hints)
		}
	}
	ev := event(t, "verdict=AUDIT profile=unconfined operation=userns_create class=namespace comm=nsjail target=unprivileged_userns")
	if field, ok := record.ParseField("execpath"); ok {
		ev.Fields[field] = "/usr/bin/nsjail"
		p := New(Options{})
		p.AddEvent(ev)
		if n := allNotes(p); len(n) != 1 || !strings.Contains(n[0].Hint, "profile nsjail /usr/bin/nsjail flags=(unconfined) { userns, }") {
			t.Errorf("%+v", n)
		}
	}
}

// A program whose path is known somewhere has one note.
func TestUsernsNoteHasPath(t *testing.T) {
	p := New(Options{})
	enters := event(t, "verdict=AUDIT profile=unconfined operation=userns_create class=namespace comm=nsjail target=unprivileged_userns execpath=/usr/bin/nsjail")
	denied := event(t, "profile=unprivileged_userns comm=nsjail class=cap operation=capable capname=setgid")
	for _, ev := range []*record.Event{denied, enters, denied} {
		p.AddEvent(ev)
	}
	n := allNotes(p)
	if len(n) != 1 || n[0].Evidence.Count != 3 || !strings.Contains(n[0].Hint, "profile nsjail /usr/bin/nsjail flags=(unconfined) { userns, }") {
		t.Errorf("%+v", n)
	}
}
