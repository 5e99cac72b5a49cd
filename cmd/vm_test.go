package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAppArmorVM boots a kernel with AppArmor and runs testdata/vm/apparmor.sh
// in it, with the programs and their profiles.
func TestAppArmorVM(t *testing.T) {
	const vmtest = "../../shared/vm/vmtest.sh"
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
	tree := t.TempDir()
	copyTo := func(to string, from ...string) {
		t.Helper()
		dir := filepath.Join(tree, to)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("cp", append(append([]string{"-r"}, from...), dir)...).CombinedOutput(); err != nil {
			t.Fatalf("cp: %s", out)
		}
	}
	var built []string
	for _, name := range programs {
		built = append(built, filepath.Join(bin, name))
	}
	copyTo("usr/bin", built...)
	copyTo("etc/apparmor.d", "../scripts/apparmor.d/.")
	copyTo("logs", "../testdata/logs/.")
	asuser := exec.Command("go", "build", "-o", filepath.Join(tree, "usr/bin/asuser"), "../testdata/vm/asuser.go")
	asuser.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := asuser.CombinedOutput(); err != nil {
		t.Fatalf("asuser: %v\n%s", err, out)
	}
	work := filepath.Join(os.TempDir(), "sl-vm")
	out := t.TempDir()
	cmd := exec.Command("sh", vmtest, "-w", work, "-t", tree, "-o", out, "-T", "400",
		"-p", "nftables libnftables1 libnftnl11 libmnl0 libxtables12 libjansson4 libgmp10 libedit2 libtinfo6 libbsd0 libmd0", "-M", "nf_tables",
		"../testdata/vm/apparmor.sh")
	start := time.Now()
	console, err := cmd.CombinedOutput()
	log, _ := os.ReadFile(filepath.Join(out, "log"))
	if cmd.ProcessState.ExitCode() == 126 {
		t.Skipf("the virtual machine could not be prepared:\n%s", console)
	}
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, console, log)
	}
	if strings.Contains(string(log), "FAILED") || !strings.HasSuffix(string(log), "done\n") {
		t.Errorf("%s", log)
	}
	t.Logf("%d checks in %v", strings.Count(string(log), "ok: "), time.Since(start).Round(time.Second))
}
