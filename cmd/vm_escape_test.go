package cmd_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestEscapeVM runs testdata/vm/escape.sh in a virtual machine: there the acts of the
// escape suite that do a machine harm may have their effect.
func TestEscapeVM(t *testing.T) {
	m := newMachine(t)
	m.copy("etc/apparmor.d", "../scripts/apparmor.d/.")
	m.build("escape", "../scripts/lab/escape")
	build := exec.Command(filepath.Join(m.tree, "usr/bin/escape"), "-build", filepath.Join(m.tree, "usr"))
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	log := m.runFor(20*time.Minute, "escape.sh")
	if !strings.HasSuffix(log, "done\n") {
		t.Fatal(log)
	}
	for _, want := range []string{
		`(?m)^bare: status 0: [0-9]+ acts had their effect, [0-9]+ of them for all to see; [0-9]+ had none on this machine, 0 were not tried, 0 without a reason$`,
		`(?m)^confined: status 0: ([0-9]+) acts, \1 stopped, 0 escaped$`,
		`(?m)^require-all: status 0: ([0-9]+) acts, \1 stopped, 0 escaped$`,
	} {
		if !matches(want, log) {
			name, _, _ := strings.Cut(strings.TrimPrefix(want, "(?m)^"), ":")
			t.Errorf("no line %s:\n%s\n%s", want, log, m.result(name))
		}
	}
	bare := m.result("bare")
	for _, act := range []string{"load a module's file", "reboot", "set the clock", "adjust the clock", "silence the kernel log", "account processes", "mount a file system", "make a device"} {
		if !matches(`(?m)^SEEN +`+regexp.QuoteMeta(act)+":", bare) {
			t.Errorf("%s had no effect that was seen", act)
		}
	}
	t.Logf("%s%s", log, notEffects(bare))
}

// matches is for patterns in which \1 stands for the first group, which regexp has
// not.
func matches(pattern, text string) bool {
	first, rest, twice := strings.Cut(pattern, `\1`)
	if !twice {
		return regexp.MustCompile(pattern).MatchString(text)
	}
	for _, m := range regexp.MustCompile(first+"([0-9]+)"+rest).FindAllStringSubmatch(text, -1) {
		if m[1] == m[2] {
			return true
		}
	}
	return false
}

func notEffects(bare string) string {
	return strings.Join(regexp.MustCompile(`(?m)^(none|not tried|MISSING|UNSEEN) .*\n`).FindAllString(bare, -1), "")
}
