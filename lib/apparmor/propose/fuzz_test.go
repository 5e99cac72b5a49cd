package propose

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/visible"
)

// FuzzAddEvent sets the fields of an event to anything: "key=value" pairs with a
// NUL between them.
func FuzzAddEvent(f *testing.F) {
	for _, pairs := range []string{
		file + "operation=open name=/a denied_mask=rwxl target=/b",
		"class=net operation=sendmsg family=inet sock_type=dgram laddr=::1 lport=1 daddr=::2 dest=2 denied=send~create",
		"class=net operation=connect family=unix sock_type=stream denied=connect addr=@a peer_addr=none peer=q",
		"class=mount operation=mount name=/m/ srcname=/a/ flags=rw,~bind",
		"class=mount operation=pivotroot name=/m/ srcname=/a/",
		"class=dbus operation=dbus_signal bus=system name=a.b path=/ interface=a.b member=M mask=send peer_label=l",
		"class=signal operation=signal signal=term denied_mask=send peer=q",
		"class=signal operation=signal signal=term denied_mask=~ peer=q",
		"class=cap operation=capable capability=1 capname=dac_override",
		"class=rlimits operation=setrlimit rlimit=core value=18446744073709551615",
		"class=io_uring operation=uring_override denied=override_creds tcontext=q",
		"class=sysv_mqueue operation=sysv_mqueue denied=create name=123",
		"class=file operation=change_profile target=p//null-x name=x profile=p//null-/h",
	} {
		f.Add(strings.ReplaceAll(strings.ReplaceAll(pairs, " ", "\x00"), "~", " "))
	}
	f.Fuzz(func(t *testing.T, pairs string) {
		ev := event(t, "")
		for pair := range strings.SplitSeq(pairs, "\x00") {
			key, value, _ := strings.Cut(pair, "=")
			if field, ok := record.ParseField(key); ok {
				ev.Fields[field] = value
			}
		}
		for _, options := range []Options{{}, {Parser: 4, Exec: Inherit}, {Exec: ChildProfile}, {Exec: OwnProfile}} {
			p := New(options)
			if err := p.AddEvent(ev); err != nil {
				t.Fatal(err)
			}
			rules, notes := allRules(p), allNotes(p)
			if s := p.Stats(); s.Ruled+s.Noted+s.Ignored != 1 || s.Ignored == 0 && len(rules)+len(notes) == 0 {
				t.Fatalf("%+v", s)
			}
			for _, r := range rules {
				if parsed, err := apparmor.Parse(r.Text); err != nil || parsed.Parser() > p.options.Parser || !parsed.Plain() {
					t.Fatalf("%q: %v", r.Text, err)
				}
			}
			for _, n := range notes {
				if n.Hint == "" {
					t.Fatalf("%q does not say what to do", n.Text)
				}
			}
			text := textOf(rules, notes)
			if !utf8.ValidString(text) || strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), visible.Hidden) {
				t.Fatalf("text %q", text)
			}
			for line := range strings.Lines(text) {
				line = strings.TrimSpace(line)
				isRule := slices.ContainsFunc(rules, func(r record.Rule) bool { return r.Text == line })
				if line != "" && !strings.HasPrefix(line, "# ") && !isRule {
					t.Fatalf("line %q", line)
				}
			}
		}
	})
}
