package cmd_test

import (
	"os"
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
	const vmtest = "../../shared/vm/vmtest.sh"
	if _, err := os.Stat(vmtest); err != nil {
		t.Skip("no virtual machine to do harm to: ", err)
	}
	for _, tool := range []string{"qemu-system-x86_64", "cpio", "modinfo"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getuid() != 0 {
			t.Skipf("no virtual machine to do harm to: %v (qemu-system-x86, cpio and kmod make one)", err)
		}
	}
	if testing.Short() {
		t.Skip("-short: the virtual machine takes minutes")
	}
	tree, out := t.TempDir(), t.TempDir()
	programs, profiles := filepath.Join(tree, "usr/bin"), filepath.Join(tree, "etc/apparmor.d")
	for _, dir := range []string{programs, profiles} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	command(t, "cp", "-r", "../scripts/apparmor.d/.", profiles)
	escape := filepath.Join(programs, "escape")
	command(t, "go", "build", "-buildvcs=false", "-o", escape, "../lib/sandbox/escape")
	build := exec.Command(escape, "-build", filepath.Join(tree, "usr"))
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	start := time.Now()
	vm := exec.Command("sh", vmtest, "-w", filepath.Join(os.TempDir(), "sl-vm"), "-M", "dummy", "-t", tree, "-o", out, "-T", "1200", "-m", "1024", "../testdata/vm/escape.sh")
	console, err := vm.CombinedOutput()
	log, _ := os.ReadFile(filepath.Join(out, "log"))
	if vm.ProcessState.ExitCode() == 126 {
		t.Skipf("the virtual machine could not be prepared:\n%s", console)
	}
	if err != nil || !strings.HasSuffix(string(log), "done\n") {
		t.Fatalf("%v\n%s\n%s", err, console, log)
	}
	for _, want := range []string{
		`(?m)^bare: status 0: [0-9]+ acts had their effect, [0-9]+ of them for all to see; [0-9]+ had none on this machine, 0 were not tried, 0 without a reason$`,
		`(?m)^confined: status 0: ([0-9]+) acts, \1 stopped, 0 escaped$`,
		`(?m)^require-all: status 0: ([0-9]+) acts, \1 stopped, 0 escaped$`,
	} {
		if !matches(want, string(log)) {
			name, _, _ := strings.Cut(strings.TrimPrefix(want, "(?m)^"), ":")
			all, _ := os.ReadFile(filepath.Join(out, name))
			t.Errorf("no line %s:\n%s\n%s", want, log, all)
		}
	}
	bare, err := os.ReadFile(filepath.Join(out, "bare"))
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []string{"load a module's file", "reboot", "set the clock", "adjust the clock", "silence the kernel log", "account processes", "mount a file system", "make a device"} {
		if !matches(`(?m)^SEEN +`+regexp.QuoteMeta(act)+":", string(bare)) {
			t.Errorf("%s had no effect that was seen", act)
		}
	}
	t.Logf("%v\n%s%s", time.Since(start).Round(time.Second), log, notEffects(string(bare)))
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

// command runs a command that must not fail.
func command(t *testing.T, name string, args ...string) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}
