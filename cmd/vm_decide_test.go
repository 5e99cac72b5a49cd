package cmd_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	installed "github.com/sl-suite/sl/lib/apparmor/policy"
)

// decision is one row: what package installed says about an act, and how the act
// is asked for in the machine.
type decision struct {
	id, profile, act string
	line             string // for testdata/vm/act
	installed.Decision
}

func (d *decision) String() string { return d.profile + ": " + d.act }

// TestDecisionsVM holds what package installed says about acts under a profile
// against what a kernel does when they are done.
func TestDecisionsVM(t *testing.T) {
	m := newMachine(t)
	m.build("act", "../testdata/vm/act")
	files := map[string]string{"abi/3.0": ""} // which the machine has
	for name, text := range decisionFiles {
		files[name] = text
	}
	for _, c := range decisionTable {
		files[c.name] = "abi <abi/3.0>,\ninclude <tunables/vm>\n" + c.text + "\n"
	}
	for name, text := range files {
		if text != "" {
			m.write("etc/apparmor.d/"+name, text)
		}
	}
	policy := installed.New("/etc/apparmor.d", files)
	var all []*decision
	var acts strings.Builder
	for _, c := range decisionTable {
		for _, line := range lines(c.acts) {
			d := decide(t, policy, c.name, line)
			d.id = "d" + strconv.Itoa(len(all))
			fmt.Fprintf(&acts, "%s %s\n", d.id, d.line)
			all = append(all, d)
		}
	}
	if problems := policy.Problems(); len(problems) > 0 {
		t.Fatalf("not understood: %q", problems)
	}
	m.write("acts", acts.String())
	if log := m.run("decide.sh"); strings.Contains(log, "FAILED") || !strings.HasSuffix(log, "done\n") {
		t.Fatal(log)
	}
	answers := answersOf(m.result("answers"))
	denials := m.result("dmesg")
	allowed := 0
	for _, d := range all {
		answer := answers[d.id]
		if answer == "" || answer[0] == '?' {
			t.Errorf("%v: not tried: %s", d, answer)
			continue
		}
		did := isDone(answer)
		if did {
			allowed++
		}
		if did != (d.State == installed.Allowed) {
			t.Errorf("%v: the kernel: %s; decided: %s by %v", d, answer, states[d.State], rulesOf(d.By))
			continue
		}
		// A deny rule keeps quiet about what it denies, unless it says audit.
		logged := strings.Contains(denials, `comm="`+d.id+`"`) || strings.HasPrefix(d.line, "/")
		loud := d.State == installed.Open || d.State == installed.Denied && strings.HasPrefix(d.By[0].Text, "audit")
		if !did && logged != loud {
			t.Errorf("%v: the kernel: %s, logged: %v; decided: %s by %v", d, answer, logged, states[d.State], rulesOf(d.By))
		}
	}
	if n := len(all); n < 200 || allowed < n/3 || n-allowed < n/3 {
		t.Errorf("too few decisions, or too much alike")
	}
	t.Logf("%d decisions, %d of them allowed by the kernel", len(all), allowed)
}

var states = map[installed.State]string{installed.Open: "open", installed.Allowed: "allowed", installed.Denied: "denied"}

func rulesOf(list []*installed.Rule) (texts []string) {
	for _, r := range list {
		texts = append(texts, r.String()+" "+r.Text)
	}
	return texts
}

// decide asks package installed about one act: it is allowed if everything is
// that a rule for it would have to grant, and denied if some of it is.
func decide(t *testing.T, policy *installed.Policy, profile, act string) *decision {
	t.Helper()
	d := &decision{profile: profile, act: act}
	words := strings.Fields(act)
	place := profile
	switch {
	case words[0] == "in":
		profile, words = words[1], words[2:]
		place = profile
	case words[0] == "at":
		place, words = "/t/"+profile, words[1:]
	}
	d.line = place + " " + strings.Join(words, " ")
	d.State = installed.Allowed
	for _, q := range asked(t, profile, words) {
		p := policy.Profile(q.profile)
		if p == nil {
			t.Fatalf("no profile %q", q.profile)
		}
		switch one := p.Decide(q.rule); {
		case one.State == installed.Denied, one.State == installed.Open && d.State == installed.Allowed:
			d.Decision = one
		case d.State == installed.Allowed:
			d.By = append(d.By, one.By...)
		}
	}
	return d
}
