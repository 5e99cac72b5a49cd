package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAppArmorVM boots a kernel with AppArmor and runs testdata/vm/apparmor.sh
// in it, with the programs and their profiles; and before that, on the initial ramfs,
// testdata/vm/ramfs.sh.
func TestAppArmorVM(t *testing.T) {
	m := newMachine(t)
	m.programs()
	m.copy("logs", "../testdata/logs/.")
	m.build("asuser", "../testdata/vm/asuser.go")
	before, err := os.ReadFile("../testdata/vm/ramfs.sh")
	if err != nil {
		t.Fatal(err)
	}
	m.write("before", string(before))
	log := m.run("apparmor.sh")
	if strings.Contains(log, "FAILED") || !strings.HasSuffix(log, "done\n") {
		t.Errorf("%s", log)
	}
	t.Logf("%d checks", strings.Count(log, "ok: "))
}

// machine is a virtual machine whose kernel has AppArmor.
type machine struct {
	*testing.T
	tree string // what is copied over its root folder
	out  string // what comes back
}

const vmtest = "../../shared/vm/vmtest.sh"

// newMachine skips the test where there cannot be one.
func newMachine(t *testing.T) *machine {
	if _, err := os.Stat(vmtest); err != nil {
		t.Skip("no virtual machine with AppArmor: ", err)
	}
	for _, tool := range []string{"qemu-system-x86_64", "cpio", "modinfo"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getuid() != 0 {
			t.Skipf("no virtual machine with AppArmor: %v (qemu-system-x86, cpio and kmod make one)", err)
		}
	}
	if testing.Short() {
		t.Skip("-short: a virtual machine takes half a minute")
	}
	return &machine{t, t.TempDir(), t.TempDir()}
}

// copy copies files into a folder of the machine.
func (m *machine) copy(to string, from ...string) {
	m.Helper()
	dir := filepath.Join(m.tree, to)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		m.Fatal(err)
	}
	if out, err := exec.Command("cp", append(append([]string{"-r"}, from...), dir)...).CombinedOutput(); err != nil {
		m.Fatalf("cp: %s", out)
	}
}

// programs puts in the programs under test, and their profiles.
func (m *machine) programs() {
	m.Helper()
	var built []string
	for _, name := range programs {
		built = append(built, filepath.Join(bin, name))
	}
	m.copy("usr/bin", built...)
	m.copy("etc/apparmor.d", "../scripts/apparmor.d/.")
}

// build puts in a program that only these tests need.
func (m *machine) build(name, source string) {
	m.Helper()
	cmd := exec.Command("go", "build", "-o", filepath.Join(m.tree, "usr/bin", name), source)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		m.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// write puts in a file.
func (m *machine) write(name, text string) {
	m.Helper()
	path := filepath.Join(m.tree, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		m.Fatal(err)
	}
}

// run boots the machine, runs a script of testdata/vm, and returns its log.
func (m *machine) run(script string) string { return m.runFor(400*time.Second, script) }

func (m *machine) runFor(limit time.Duration, script string) string {
	m.Helper()
	work := filepath.Join(os.TempDir(), "sl-vm")
	checks, err := os.ReadFile(filepath.Join("../testdata/vm", script))
	if err != nil {
		m.Fatal(err)
	}
	m.write("checks", string(checks))
	// One set of packages for all tests: the machine is then prepared once.
	cmd := exec.Command("sh", vmtest, "-w", work, "-t", m.tree, "-o", m.out, "-T", fmt.Sprint(limit.Seconds()), "-m", "1024", "-a", "log_buf_len=4M",
		"-p", "nftables libnftables1 libnftnl11 libmnl0 libxtables12 libjansson4 libgmp10 libedit2 libtinfo6 libbsd0 libmd0", "-M", "nf_tables dummy",
		"../testdata/vm/inside.sh")
	start := time.Now()
	console, err := cmd.CombinedOutput()
	log, _ := os.ReadFile(filepath.Join(m.out, "log"))
	if cmd.ProcessState.ExitCode() == 126 {
		m.Skipf("the virtual machine could not be prepared:\n%s", console)
	}
	if err != nil {
		m.Fatalf("%v\n%s\n%s", err, console, log)
	}
	m.Logf("the virtual machine took %v", time.Since(start).Round(time.Second))
	return string(log)
}

// result returns a file that the script left.
func (m *machine) result(name string) string {
	m.Helper()
	text, err := os.ReadFile(filepath.Join(m.out, name))
	if err != nil {
		m.Fatal(err)
	}
	return string(text)
}
