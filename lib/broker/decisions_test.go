package broker

import (
	"errors"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/visible"
)

func TestParseDecisionsErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"danger 0\n", "p:1: want danger 1 to 9"},
		{"danger 10\n", "p:1: want danger"},
		{"danger 007\n", "p:1: want danger"},
		{"danger\n", "p:1: want danger"},
		{"danger 5 \n", "p:1: want danger"},
		{"# x\n\ndanger 5\ndanger 6\n", "p:4: second danger"},
		{"allow\n", "p:1: not the canonical"},
		{"allow a=wr;\n", "p:1: not the canonical"},
		{"allow  a=r;\n", "p:1: not the canonical"},
		{"allow a=r; # why\n", "p:1: not the canonical"},
		{"allow a=r;\r\n", "p:1: a character that does not show"},
		{"allow-for a=r;\n", "p:1: want allow-for"},
		{"allow-for /p a=r;\n", "p:1: want allow-for"},
		{"allow-for /p\" a=r;\n", "p:1: want allow-for"},
		{"allow-for \"\" a=r;\n", "p:1: want allow-for"},
		{"allow-for \"/p\"a=r;\n", "p:1: want allow-for"},
		{"allow-for\n", "p:1: want allow-for"},
		{"Allow a=r;\n", "p:1: unknown word"},
		{" danger 5\n", "p:1: unknown word"},
		{"deny a=r;\n", "p:1: unknown word"},
	}
	for _, test := range tests {
		if _, err := parseDecisions("p", []byte(test.text), []language{toy{}}); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q: got %v, want %s", test.text, err, test.want)
		}
	}
}

func TestDecisions(t *testing.T) {
	const text = "# local decisions\n\ndanger 3\nallow a=x;\nallow-for \"/my p\" b=x;\nallow-for \"/p\" c=rst;"
	tests := []struct {
		decisions, profile, rule string
		ok                       bool
	}{
		{"", "/p", "a=x;", false},
		{"", "/p", "a=rstuvw;", true},
		{text, "/p", "a=x;", true},
		{text, "/q", "a=x;", true},
		{text, "/p", "a=rx;", false},
		{text, "/my p", "b=x;", true},
		{text, "/p", "b=x;", false},
		{text, "/p", "c=rst;", true},
		{text, "/q", "c=rst;", false},
		{text, "/q", "c=rs;", true},
	}
	for _, test := range tests {
		p, err := parseDecisions("p", []byte(test.decisions), []language{toy{}})
		if err != nil {
			t.Fatal(err)
		}
		d := lay(t, t.TempDir(), func(o *Options) {
			beside(map[string]string{"p": "/p { } /q { } \"/my p\" { include <local/my.p>\n }"})(o)
			o.Decisions = p
		})
		if err := d.AddRule(rule(test.profile, test.rule)); (err == nil) != test.ok {
			t.Errorf("%q for %q: %v", test.rule, test.profile, err)
		}
	}
}

// A refusal's hint, put into the file as it is, lets the rule through.
func TestHintIsADecision(t *testing.T) {
	r := rule("/usr/bin/a b", "a=x;")
	policy := beside(map[string]string{"p": "\"/usr/bin/a b\" { include <local/usr.bin.a-b>\n }"})
	err := lay(t, t.TempDir(), policy).AddRule(r)
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(refusal.Hint, "of --decisions: ")
	p, err := parseDecisions("p", []byte(line+"\n"), []language{toy{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := lay(t, t.TempDir(), func(o *Options) { policy(o); o.Decisions = p }).AddRule(r); err != nil {
		t.Error(err)
	}
}

// TestDangerLimit: without a word rules of danger 7 are refused; the file and the
// option say another limit, and mean the same.
func TestDangerLimit(t *testing.T) {
	const six, seven, eight = "a=rstuvw;", "a=pqrstuv;", "a=opqrstuv;"
	tests := []struct {
		decisions string
		option    uint8
		accepted  []string
		refused   []string
	}{
		{"", 0, []string{six}, []string{seven, eight, "a=x;"}},
		{"danger 9\n", 0, []string{six, seven, eight}, []string{"a=x;"}},
		{"", 9, []string{six, seven, eight}, []string{"a=x;"}},
		{"danger 9\n", 9, []string{six, seven, eight}, []string{"a=x;"}},
		{"danger 8\n", 0, []string{seven}, []string{eight}},
		{"", 3, []string{"a=rs;"}, []string{"a=rst;", six}},
		{"allow " + seven + "\n", 3, []string{seven}, []string{six}},
	}
	for _, test := range tests {
		decisions, err := parseDecisions("p", []byte(test.decisions), []language{toy{}})
		if err != nil {
			t.Fatal(err)
		}
		d := lay(t, t.TempDir(), func(o *Options) { o.Decisions, o.Danger = decisions, test.option })
		for _, text := range test.accepted {
			if err := d.AddRule(rule("/p", text)); err != nil {
				t.Errorf("%q, --danger %d: %v", test.decisions, test.option, err)
			}
		}
		for _, text := range test.refused {
			if err := d.AddRule(rule("/p", text)); err == nil || !strings.Contains(err.Error(), "danger ") {
				t.Errorf("%q, --danger %d: %s: got %v, want a refusal for its danger", test.decisions, test.option, text, err)
			}
		}
	}
}

// The rules of every real language can be named, and only in canonical form.
func TestParseDecisionsKnowsTheLanguages(t *testing.T) {
	const text = `allow "/etc/shadow" r,
allow-for "/usr/sbin/cupsd" capability sys_admin,
allow add rule inet filter sl-input meta nfproto ipv4 tcp dport 23 accept
allow -4 -A SL-INPUT -p tcp -m tcp --dport 23 -j ACCEPT
`
	if p, err := ParseDecisions("p", []byte(text)); err != nil || len(p.allowed) != 4 {
		t.Errorf("%d rules, %v", len(p.allowed), err)
	}
	for _, line := range []string{`allow /etc/shadow r,`, `allow deny "/x" r,`, `allow flush ruleset`} {
		if _, err := ParseDecisions("p", []byte(line)); err == nil {
			t.Errorf("accepted %q", line)
		}
	}
}

func FuzzParseDecisions(f *testing.F) {
	f.Add([]byte("# c\ndanger 5\nallow a=x;\nallow-for \"/p\" b=x;\n"))
	f.Add([]byte("allow-for\nallow\ndanger"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := parseDecisions("p", text, []language{toy{}})
		if err == nil && (p.limit > maxDanger || len(p.allowed) > len(text)/len("allow a=r;")) {
			t.Errorf("limit %d, %d rules from %q", p.limit, len(p.allowed), text)
		}
		if err != nil && !visible.Is(err.Error()) {
			t.Errorf("not printable: %q", err)
		}
	})
}
