package broker

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/visible"
)

func TestAddRuleRefuses(t *testing.T) {
	trusted := record.Evidence{Trust: record.TrustKernel}
	tests := []struct {
		name, reason, hint string
		rule               record.Rule
	}{
		{"no rule", "no rule", "", record.Rule{Lang: "apparmor", Profile: "/p", Text: "hello", Evidence: trusted}},
		{"two rules", "no rule", "", record.Rule{Lang: "apparmor", Profile: "/p", Text: "a=r;b=w;", Evidence: trusted}},
		{"not canonical", `want "a=rw;"`, "", record.Rule{Lang: "apparmor", Profile: "/p", Text: "a=wr;", Evidence: trusted}},
		{"second line", "does not show", "", record.Rule{Lang: "apparmor", Profile: "/p", Text: "a=r;\nb=x;", Evidence: trusted}},
		{"escape sequence", "does not show", "", record.Rule{Lang: "apparmor", Profile: "/p", Text: "a\x1b[2J=r;", Evidence: trusted}},
		{"C1", "does not show", "", record.Rule{Lang: "apparmor", Profile: "/p", Text: "a\u009b=r;", Evidence: trusted}},
		{"raw C1", "does not show", "", record.Rule{Lang: "apparmor", Profile: "/p", Text: "a\x9b=r;", Evidence: trusted}},
		{"bidi", "does not show", "", record.Rule{Lang: "apparmor", Profile: "/p", Text: "a\u202e=r;", Evidence: trusted}},
		{"bidi profile", "does not show", "", record.Rule{Lang: "apparmor", Profile: "/p\u2066", Text: "a=x;", Evidence: trusted}},
		{"forged line", "trust is log, want kernel", "--trust=log", record.Rule{Lang: "apparmor", Profile: "/p", Text: "a=r;", Evidence: record.Evidence{Trust: record.TrustLog}}},
		{"dangerous", "danger 9: grants too much", `allow-for "/p" a=x;`, record.Rule{Lang: "apparmor", Profile: "/p", Text: "a=x;", Danger: 1, Evidence: trusted}},
		{"no profile", "no name for a file", "", record.Rule{Lang: "apparmor", Text: "a=r;", Evidence: trusted}},
		{"child", "child profile", "by hand", record.Rule{Lang: "apparmor", Profile: "/p//c", Text: "a=r;", Evidence: trusted}},
		{"parent folder", "two dots", "", record.Rule{Lang: "apparmor", Profile: "/..", Text: "a=r;", Evidence: trusted}},
		{"hidden file", "would begin with", "", record.Rule{Lang: "apparmor", Profile: "/.p", Text: "a=r;", Evidence: trusted}},
		{"temporary file", "would begin with", "", record.Rule{Lang: "apparmor", Profile: "/.p.sl-write", Text: "a=r;", Evidence: trusted}},
		{"long name", "longer than", "", record.Rule{Lang: "apparmor", Profile: "/" + strings.Repeat("p", 250), Text: "a=r;", Evidence: trusted}},
		{"other language", "unknown rule language", "", record.Rule{Lang: "selinux", Text: "a=r;", Evidence: trusted}},
		{"no such target", "no target takes firewall rules", "name a file, with --syntax=nft", record.Rule{Lang: "netfilter", Syntax: "nft", Text: "a=r;", Evidence: trusted}},
		{"commands", "no target takes firewall rules", "sl-iptables --syntax=nft", record.Rule{Lang: "netfilter", Syntax: "ipset", Text: "a=r;", Evidence: trusted}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := lay(t, t.TempDir(), nil)
			err := d.AddRule(&test.rule)
			var r *Refusal
			if !errors.As(err, &r) || !strings.Contains(r.Error(), test.reason) || !strings.Contains(r.Hint, test.hint) {
				t.Fatalf("got %v, hint %q; want a refusal with %q, %q", err, r.Hint, test.reason, test.hint)
			}
			if !visible.Is(r.Error()) || !visible.Is(r.Hint) {
				t.Errorf("not printable: %q %q", r.Error(), r.Hint)
			}
			if changes := d.run(nil); len(changes) != 0 || len(names(t, d.path)) != 0 {
				t.Errorf("a refused rule changed %v", names(t, d.path))
			}
		})
	}
}

// What the record says about its own rule must not matter.
func TestAddRuleIgnoresTheTypedForm(t *testing.T) {
	d := lay(t, t.TempDir(), nil)
	r := rule("/p", "a=r;")
	r.Typed = []record.Attr{{Name: "class", Text: "file"}, {Name: "path", Text: "/etc/shadow"}}
	r.Danger, r.Why = 10, "says the stream"
	if err := d.AddRule(r); err != nil {
		t.Fatal(err)
	}
	d.run(nil)
	if got := content(t, d.path, "p"); got != part("a=r;") {
		t.Errorf("got %q", got)
	}
}

func TestTrustLevels(t *testing.T) {
	levels := []record.Trust{record.TrustNone, record.TrustLog, record.TrustDaemon, record.TrustKernel}
	for _, want := range levels {
		for _, have := range levels {
			d := lay(t, t.TempDir(), func(o *Options) { o.Trust = want })
			r := rule("/p", "a=r;")
			r.Evidence.Trust = have
			if err := d.AddRule(r); (err == nil) != (have >= want) {
				t.Errorf("want %s, have %s: %v", want, have, err)
			}
		}
	}
}

// The same rule of less trust is nothing to refuse: it stands there already.
func TestTrustSameRule(t *testing.T) {
	d := lay(t, t.TempDir(), nil)
	less := rule("/p", "a=r;")
	less.Evidence.Trust = record.TrustLog
	if err := d.AddRule(less); err == nil {
		t.Error("accepted on its own")
	}
	d.add("/p", "a=r;")
	if err := d.AddRule(less); err != nil {
		t.Errorf("refused beside the same one: %v", err)
	}
	other := rule("/p", "a=w;")
	other.Evidence.Trust = record.TrustLog
	if err := d.AddRule(other); err == nil {
		t.Error("another one was accepted")
	}
}

// Two profiles may not share a file within a run: a rule for one of them would
// be a rule for the other.
func TestSharedFileIsRefused(t *testing.T) {
	d := lay(t, t.TempDir(), nil)
	d.add("/usr/bin/p", "a=r;")
	if err := d.AddRule(rule("usr.bin.p", "a=w;")); err == nil || !strings.Contains(err.Error(), "same file") {
		t.Errorf("got %v", err)
	}
}

func TestLocalsNameTheFile(t *testing.T) {
	d := lay(t, t.TempDir(), beside(map[string]string{"usr.sbin.cupsd": "profile cupsd { include <local/usr.sbin.cupsd>\n }"}))
	d.add("cupsd", "a=r;")
	if changes := d.run(nil); changes[0].Path != d.path+"/usr.sbin.cupsd" || changes[0].Profile != "cupsd" {
		t.Errorf("got %q for %q", changes[0].Path, changes[0].Profile)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	d := lay(t, t.TempDir(), nil)
	d.cost = maxCost - ruleCost - len("a=r;")
	d.add("/p", "a=r;")
	d.add("/p", "a=r;") // known already: costs nothing
	if err := d.AddRule(rule("/p", "a=w;")); err == nil || !strings.Contains(err.Error(), "MiB") {
		t.Errorf("got %v", err)
	}
}

// TestRulesDoNotKeepTheirLines: a rule of a few bytes can come in a line of 1 MiB.
func TestRulesDoNotKeepTheirLines(t *testing.T) {
	d := lay(t, t.TempDir(), nil)
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	const n = 200
	for i := range n {
		line := fmt.Sprintf("/p%d a=%cr;", i, 'a'+i%20) + strings.Repeat("x", record.MaxLine-20)
		profile, rest, _ := strings.Cut(line, " ")
		text, _, _ := strings.Cut(rest, ";")
		text = rest[:len(text)+1]
		canonical, _ := toy{}.canonical(text)
		if canonical == text {
			d.add(profile, text)
		}
	}
	if used := int64(heap()) - int64(before); used > 20<<20 {
		t.Errorf("%d MiB for %d rules", used>>20, n)
	} else {
		t.Logf("%d KiB for %d rules", used>>10, n)
	}
	runtime.KeepAlive(d)
}
