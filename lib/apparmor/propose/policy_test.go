package propose

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/apparmor/policy"
	"github.com/sl-suite/sl/lib/record"
)

func testPolicy() *policy.Policy {
	return policy.New("/etc/apparmor.d", map[string]string{
		"tunables/global": `
			@{PROC}=/proc/
			@{pid}={[1-9],[1-9][0-9],[1-9][0-9][0-9],[1-9][0-9][0-9][0-9]}
			@{tid}=@{pid}
			@{HOMEDIRS}=/home/
			@{HOME}=@{HOMEDIRS}/*/ /root/
			@{uid}={[0-9],[1-9][0-9]}
			@{run}=/run/ /var/run/
			@{sys}=/sys/
			@{multiarch}=*-linux-gnu*`,
		"p":                     "include <tunables/global>\nprofile p { /a r, signal (send) set=(hup) peer=q, deny capability kill, }",
		"plain":                 "profile plain { }",
		"h":                     "profile h /usr/bin/h { }",
		"abstractions/three":    "/three/* r, /four/* r, /five r, capability chown,",
		"abstractions/includes": "include <abstractions/three>\n/six r,",
		"abstractions/broken":   "@{NOSUCH}/x r,",
	})
}

func TestVariables(t *testing.T) {
	for _, c := range []struct{ profile, owner, path, want string }{
		{"p", file, "/proc/123/status", `"@{PROC}/@{pid}/status" r,`},
		{"p", file, "/proc/123/task/45/comm", `"@{PROC}/@{pid}/task/@{tid}/comm" r,`},
		{"p", file, "/proc/123/", `"@{PROC}/@{pid}/" r,`},
		{"p", file, "/proc/1/status", `"/proc/1/status" r,`},
		{"p", file, "/proc/12345/status", `"/proc/12345/status" r,`}, // @{pid} has not that one here
		{"p", file, "/proc/sys/kernel/x", `"/proc/sys/kernel/x" r,`},
		{"p", own, "/home/u/.x/*", `owner "@{HOME}/.x/\*" r,`},
		{"p", file, "/home/u/.x", `"/home/u/.x" r,`},
		{"p", own, "/run/user/10/bus", `owner "@{run}/user/@{uid}/bus" r,`},
		{"p", own, "/run/user/1000/bus", `owner "/run/user/1000/bus" r,`},
		{"p", file, "/sys/block/", `"@{sys}/block/" r,`},
		{"p", file, "/usr/lib/x86_64-linux-gnu/x.so", `"/usr/lib/@{multiarch}/x.so" r,`},
		{"p", file, "/usr/lib/x86_64-linux-gnu", `"/usr/lib/x86_64-linux-gnu" r,`},
		{"plain", file, "/proc/123/status", `"/proc/123/status" r,`},
		{"plain", file, "/tmp/#123", `"/tmp/#*" r,`},
		{"p", own, "/home/u/#123", `owner "@{HOME}/#*" r,`},
		{"p", file, "/tmp/#12a", `"/tmp/#12a" r,`},
		{"p", file, "/tmp/#", `"/tmp/#" r,`},
		{"p", file, "/tmp/#12/x", `"/tmp/#12/x" r,`},
		{"nosuch", file, "/proc/123/status", `"/proc/123/status" r,`},
	} {
		for _, exact := range []bool{false, true} {
			p := New(Options{Policy: testPolicy(), Exact: exact})
			if err := p.AddEvent(event(t, c.owner+"operation=open denied_mask=r name="+c.path+" profile="+c.profile)); err != nil {
				t.Fatal(err)
			}
			r := allRules(p)[0]
			switch wide := strings.Contains(r.Text, "@{") || strings.Contains(r.Text, "#*"); {
			case !exact && r.Text != c.want:
				t.Errorf("%s: %s, want %s", c.path, r.Text, c.want)
			case exact && wide:
				t.Errorf("%s: exact, but %s", c.path, r.Text)
			case wide != (len(r.Made) > 0):
				t.Errorf("%s: made by %q", r.Text, r.Made)
			}
		}
	}
}

// Each way to make a rule wider is in its record, and can be switched off.
func TestGeneralisations(t *testing.T) {
	events := []string{
		own + "operation=open denied_mask=r name=/home/u/x/a", own + "operation=open denied_mask=r name=/home/u/x/b",
		"class=net operation=create family=inet sock_type=stream denied=create",
	}
	for name, c := range map[string]struct {
		options Options
		want    []string // made: rule
	}{
		"all":          {Options{Glob: 2}, []string{`[portable]: network inet stream,`, `[@{HOME}/ glob]: owner "@{HOME}/x/*" r,`}},
		"no variables": {Options{Glob: 2, NoVariables: true}, []string{`[portable]: network inet stream,`, `[glob]: owner "/home/u/x/*" r,`}},
		"no globs":     {Options{}, []string{`[portable]: network inet stream,`, `[@{HOME}/]: owner "@{HOME}/x/a" r,`, `[@{HOME}/]: owner "@{HOME}/x/b" r,`}},
		"parser 4":     {Options{NoVariables: true, Parser: 4}, []string{`[]: network (create) inet stream,`, `[]: owner "/home/u/x/a" r,`, `[]: owner "/home/u/x/b" r,`}},
		"exact":        {Options{Glob: 2, Exact: true}, []string{`[]: owner "/home/u/x/a" r,`, `[]: owner "/home/u/x/b" r,`}},
		"exact, 4":     {Options{Glob: 2, Exact: true, Parser: 4}, []string{`[]: network (create) inet stream,`, `[]: owner "/home/u/x/a" r,`, `[]: owner "/home/u/x/b" r,`}},
	} {
		c.options.Policy = testPolicy()
		p := New(c.options)
		for _, ev := range events {
			if err := p.AddEvent(event(t, ev)); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for r := range p.Rules() {
			got = append(got, fmt.Sprint(r.Made)+": "+r.Text)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if noted := strings.Contains(fmt.Sprint(allNotes(p)), `network (create) inet stream,`); noted != (name == "exact") {
			t.Errorf("%s: notes %v", name, allNotes(p))
		}
	}
}

func TestAbstractions(t *testing.T) {
	p := New(Options{Policy: testPolicy()})
	for _, name := range []string{"/three/a", "/three/b", "/four/c", "/other"} {
		if err := p.AddEvent(event(t, file+"operation=open denied_mask=r profile=p name="+name)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, n := range allNotes(p) {
		if n.Kind == abstractionNote {
			got = append(got, n.Text)
		}
	}
	want := []string{
		"<abstractions/includes> would replace 3 of these rules, and bring 3 others",
		"<abstractions/three> would replace 3 of these rules, and bring 2 others",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(allRules(p)) != 4 {
		t.Errorf("rules %q", texts(p))
	}
	again := New(Options{Policy: testPolicy()})
	for _, n := range allNotes(p) {
		again.AddNote(&n)
	}
	if notes := allNotes(again); len(notes) != 0 {
		t.Errorf("proposals for rules that are not there: %+v", notes)
	}
}

// With a policy, too, the result depends on no order and no splitting. Where some
// of it was made by other options first, the rules are the same still; but the
// evidence of two rules that were one for a while is that of both.
func TestMergeWithPolicy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		options := Options{Policy: testPolicy(), ShowAllowed: rapid.Bool().Draw(t, "show")}
		first := options
		if rapid.Bool().Draw(t, "exact first") {
			first = Options{Exact: true, Parser: 4}
		}
		whole := New(options)
		parts := []*Proposer{New(options), New(options), New(first)}
		for range rapid.IntRange(0, 20).Draw(t, "events") {
			ev := drawEvent(t)
			if rapid.Bool().Draw(t, "proc") && ev.Fields[record.FName] != "" {
				ev.Fields[record.FName] = rapid.SampledFrom([]string{"/proc/7/x", "/proc/77/x", "/home/u/x"}).Draw(t, "path")
			}
			mustAdd(t, whole.AddEvent(ev))
			mustAdd(t, parts[rapid.IntRange(0, 2).Draw(t, "part")].AddEvent(ev))
		}
		merged := merge(t, options, merge(t, options, parts[2], parts[0]), parts[1])
		if diff := cmp.Diff(texts(whole), texts(merged)); diff != "" {
			t.Fatal(diff)
		}
		if first.Exact {
			return
		}
		if diff := cmp.Diff(allRules(whole), allRules(merged)); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(rulesOf(allNotes(whole)), rulesOf(allNotes(merged))); diff != "" {
			t.Fatal(diff)
		}
	})
}

// What the policy has of a rule is left out, and only that.
func TestPartlyAllowed(t *testing.T) {
	policy := policy.New("/d", map[string]string{"p": "profile p { /a rk, deny /a m, ptrace (read) peer=q, include if exists <local/p> }"})
	p := New(Options{Policy: policy, ShowAllowed: true})
	for _, text := range []string{`"/a" rwkm,`, `ptrace (read, trace) peer="q",`} {
		if err := p.AddRule(&record.Rule{Lang: record.AppArmor, Profile: "p", Text: text, Evidence: record.Evidence{Count: 3}}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		`p: ptrace (trace) peer="q",`, `p: "/a" w,`,
		`p: [allowed] "/a" rk, is allowed already by "/a rk," at "/d/p:1"`,
		`p: [allowed] ptrace (read) peer="q", is allowed already by "ptrace (read) peer=q," at "/d/p:1"`,
		`p: [denied] "/a" m, is denied by "deny /a m," at "/d/p:1", which no other rule can change`,
	}
	if diff := cmp.Diff(want, outcome(p)); diff != "" {
		t.Error(diff)
	}
	for _, n := range allNotes(p) {
		if n.Evidence.Count != 3 {
			t.Errorf("%+v", n)
		}
	}
}

// rulesOf leaves out the notes that say how to decide: they differ where one of
// the streams was looked at without the policy.
func rulesOf(notes []record.Note) []record.Note {
	return slices.DeleteFunc(notes, func(n record.Note) bool { return n.Kind == "exec" })
}

func TestOld(t *testing.T) {
	status := func(host, at string, trust record.Trust) *record.Event {
		ev := event(t, "verdict=STATUS operation=profile_replace profile=unconfined name=p")
		ev.Host, ev.Time, ev.Trust = host, at, trust
		return ev
	}
	denied := func(host, at, name string) *record.Event {
		ev := event(t, file+"profile=p operation=open denied_mask=r name="+name)
		ev.Host, ev.Time, ev.Trust = host, at, record.TrustKernel
		return ev
	}
	same := status("a", "2026-01-05T00:00:00Z", record.TrustKernel)
	same.Fields[record.FInfo] = "same as current profile, skipping"
	for name, c := range map[string]struct {
		events []*record.Event
		want   []string
	}{
		"old":                 {[]*record.Event{denied("a", "2026-01-01T00:00:00Z", "/x"), denied("a", "2026-01-03T00:00:00Z", "/y"), status("a", "2026-01-02T00:00:00Z", record.TrustKernel)}, []string{`"/y" r,`}},
		"confirmed since":     {[]*record.Event{denied("a", "2026-01-01T00:00:00Z", "/x"), denied("a", "2026-01-03T00:00:00Z", "/x"), status("a", "2026-01-02T00:00:00Z", record.TrustKernel)}, []string{`"/x" r,`}},
		"another zone":        {[]*record.Event{denied("a", "2026-01-02T01:00:00+02:00", "/x"), status("a", "2026-01-02T00:00:00Z", record.TrustKernel)}, nil},
		"no time":             {[]*record.Event{denied("a", "", "/x"), status("a", "2026-01-02T00:00:00Z", record.TrustKernel)}, []string{`"/x" r,`}},
		"forged":              {[]*record.Event{denied("a", "2026-01-01T00:00:00Z", "/x"), status("a", "2026-01-02T00:00:00Z", record.TrustLog)}, []string{`"/x" r,`}},
		"on another host":     {[]*record.Event{denied("a", "2026-01-01T00:00:00Z", "/x"), status("b", "2026-01-02T00:00:00Z", record.TrustKernel)}, []string{`"/x" r,`}},
		"nothing has changed": {[]*record.Event{denied("a", "2026-01-01T00:00:00Z", "/x"), same}, []string{`"/x" r,`}},
	} {
		for range 2 {
			p := New(Options{SinceReload: true})
			for _, ev := range c.events {
				if err := p.AddEvent(ev); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(c.want, texts(p)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			slices.Reverse(c.events)
		}
	}
}

// Without SinceReload the rules are made, and a note names them.
func TestOldNamed(t *testing.T) {
	var events []*record.Event
	for _, name := range []string{"/x9", "/x3", "/x1", "/x2", "/x5", "/x4", "/x6", "/x7", "/x8", "/y"} {
		ev := event(t, file+"profile=p operation=open denied_mask=r name="+name)
		ev.Time, ev.Trust = "2026-01-01T00:00:00Z", record.TrustKernel
		if name == "/y" {
			ev.Time = "2026-01-03T00:00:00Z"
		}
		events = append(events, ev)
	}
	load := event(t, "verdict=STATUS operation=profile_replace profile=unconfined name=p")
	load.Time, load.Trust = "2026-01-02T00:00:00Z", record.TrustKernel
	for since, want := range map[bool]string{
		false: "denied before the profile was last loaded only, and may be mended: ",
		true:  "left out, for they were denied before the profile was last loaded only: ",
	} {
		p := New(Options{SinceReload: since})
		for _, ev := range append(events, load) {
			if err := p.AddEvent(ev); err != nil {
				t.Fatal(err)
			}
		}
		notes := allNotes(p)
		want += `"/x1" r, "/x2" r, "/x3" r, "/x4" r, "/x5" r, "/x6" r, "/x7" r, "/x8" r, and 1 more`
		if len(notes) != 1 || notes[0].Text != want || notes[0].Evidence.Count != 9 {
			t.Errorf("%+v", notes)
		}
		if n := len(allRules(p)); n != 10 && !since || since && n != 1 {
			t.Errorf("%d rules", n)
		}
	}
}
