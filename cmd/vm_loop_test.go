package cmd_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// loop is one denial on its way to a rule.
type loop struct {
	name       string // of the case, its program and its profile
	base       string // rules that the profile has already
	act        string
	neighbours string // acts that are still denied when the act is not, one a line
}

// loopRun is the loops that go through the programs together.
type loopRun struct {
	name    string
	carrier string // what sl-read reads
	options string // of sl-apparmor
	flags   string // of the profiles; complain is taken away with the first rules
	rounds  int    // until everything that an act needs was asked for; 0 is 1
	loops   []loop
}

// TestLoopVM closes the loop: what was denied and logged by a kernel becomes a rule
// by way of the programs, is allowed when the rule is loaded, and nothing beside it
// is.
func TestLoopVM(t *testing.T) {
	m := newMachine(t)
	m.programs()
	m.build("act", "../testdata/vm/act")
	for name, text := range loopFiles {
		m.write("etc/apparmor.d/"+name, text)
	}
	n := 0
	for _, run := range loopRuns {
		n += len(run.loops)
		run.write(m)
	}
	if n < 40 {
		t.Errorf("%d cases", n)
	}
	log := m.run("loop.sh")
	if strings.Contains(log, "FAILED") || !strings.HasSuffix(log, "done\n") {
		t.Errorf("%s", log)
	}
	for _, run := range loopRuns {
		run.judge(t, m)
	}
	for _, class := range lines(m.result("missing")) {
		t.Logf("not covered: %s", class)
	}
	t.Log("not covered: dbus, which needs a bus; hats and children, whose rules have no file")
}

// write puts the run into the machine.
func (r *loopRun) write(m *machine) {
	var acts, neighbours, profiles strings.Builder
	for _, l := range r.loops {
		fmt.Fprintln(&profiles, l.name)
		fmt.Fprintf(&acts, "%s /t/%[1]s %s\n", l.name, l.act)
		for i, n := range lines(l.neighbours) {
			fmt.Fprintf(&neighbours, "%[1]s.%[2]d /t/%[1]s %[3]s\n", l.name, i, n)
		}
		flags := r.flags
		if flags != "" {
			flags = "flags=(" + flags + ") "
		}
		m.write("etc/apparmor.d/"+l.name, fmt.Sprintf(`abi <abi/3.0>,
include <tunables/global>
profile %s /t/%[1]s %s{
  include <abstractions/act>
  %s
  include if exists <local/%[1]s>
}
`, l.name, flags, l.base))
	}
	folder := "cases/" + r.name + "/"
	m.write(folder+"carrier", r.carrier+"\n")
	rounds := ""
	for i := range max(r.rounds, 1) {
		rounds += fmt.Sprintln(i)
	}
	m.write(folder+"rounds", rounds)
	m.write(folder+"options", r.options+"\n")
	m.write(folder+"acts", acts.String())
	m.write(folder+"neighbours", neighbours.String())
	m.write(folder+"profiles", profiles.String())
}

// judge looks at each loop of the run alone.
func (r *loopRun) judge(t *testing.T, m *machine) {
	before, logBefore := answersOf(m.result(r.name+".before0")), m.result(r.name+".before0.log")
	after, logAfter := answersOf(m.result(r.name+".after")), m.result(r.name+".after.log")
	beside, logBeside := answersOf(m.result(r.name+".neighbours")), m.result(r.name+".neighbours.log")
	said := m.result(r.name + ".said")
	for _, l := range r.loops {
		t.Run(l.name, func(t *testing.T) {
			denied, want := "DENIED", isDenied
			switch r.flags {
			case "complain":
				denied, want = "ALLOWED", isDone
			case "kill":
				denied = "KILLED"
			}
			if a := before[l.name]; !want(a) {
				t.Errorf("without the rule: %s", a)
			}
			if len(logged(logBefore, denied, l.name)) == 0 {
				t.Errorf("not logged as %s", denied)
			}
			rules := m.rules(l.name)
			if len(rules) == 0 {
				t.Errorf("no rule; the programs said:\n%s", said)
			}
			if a := after[l.name]; !isDone(a) {
				t.Errorf("with the rule: %s", a)
			}
			for _, line := range logged(logAfter, "", l.name) {
				t.Errorf("with the rule: %s", line)
			}
			for i, n := range lines(l.neighbours) {
				if a := beside[fmt.Sprintf("%s.%d", l.name, i)]; !isDenied(a) {
					t.Errorf("neighbour %s: %s", n, a)
				}
			}
			if len(logged(logBeside, "", l.name)) == 0 {
				t.Error("no neighbour's denial was logged")
			}
			if !t.Failed() {
				t.Logf("%s: closed by %s", l.act, strings.Join(rules, " "))
			}
		})
	}
}

// rules returns what sl-write wrote for a profile.
func (m *machine) rules(profile string) (rules []string) {
	text, err := os.ReadFile(filepath.Join(m.out, "local", profile))
	if err != nil {
		return nil
	}
	for _, line := range lines(string(text)) {
		if line[0] != '#' {
			rules = append(rules, line)
		}
	}
	return rules
}

// logged returns the lines about the profile, or one that came from it: of this
// verdict, or of any that says no.
func logged(log, verdict, profile string) (list []string) {
	for _, line := range lines(log) {
		about := strings.Contains(line, `profile="`+profile+`"`) || strings.Contains(line, `profile="`+profile+`//`)
		no := strings.Contains(line, `apparmor="DENIED"`) || strings.Contains(line, `apparmor="KILLED"`)
		if about && (verdict == "" && no || verdict != "" && strings.Contains(line, `apparmor="`+verdict+`"`)) {
			list = append(list, line)
		}
	}
	return list
}
