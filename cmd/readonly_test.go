package cmd_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// oneRule is a stream that has sl-write make the file "foo" in a folder.
const oneRule = `{"v":1,"type":"rule","lang":"apparmor","profile":"foo","text":"\"/var/lib/foo/data\" r,",` +
	`"rule":{"class":"file"},"danger":0,"why":"x","evidence":{"count":1,"trust":"kernel","sample":{"file":"-","line":1}}}` + "\n" +
	`{"v":1,"type":"end","stage":"sl-apparmor","version":"x","in":0,"out":1,"skipped":0,"errors":0,"lost":0,"layers":[]}` + "\n"

// boundFolder makes a folder in which "local" is a mount of "source" with options,
// and "local/below" one with options of its own; it returns the shell's lines that
// mount them.
func boundFolder(t *testing.T, options string) (dir, mounts string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can mount")
	}
	dir = t.TempDir()
	os.Chmod(filepath.Dir(dir), 0o755)
	for _, name := range []string{"local", "source/below", "other"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir, fmt.Sprintf(`cd %s && mount --bind source local && mount --bind other local/below &&
		mount -o remount,bind,%s local/below && mount -o remount,bind,%[2]s local && cd / &&`, dir, options)
}

// A read-only bind mount, which is what ProtectSystem=strict is made of, stays so for
// root: sl-write fails and says why.
func TestReadOnlyMountStaysReadOnly(t *testing.T) {
	lookAtSources(t)
	for _, options := range []string{"ro", "ro,noatime", "ro,nosuid,nodev,noexec,noatime,nodiratime"} {
		dir, mounts := boundFolder(t, options)
		cmd := exec.Command("unshare", "-m", "sh", "-c", mounts+" exec "+bin+"/sl-write --no-check "+dir+"/local")
		cmd.Stdin = strings.NewReader(oneRule)
		out, _ := cmd.CombinedOutput()
		if status := cmd.ProcessState.ExitCode(); status != 2 || !strings.Contains(string(out), "read-only file system") || !strings.Contains(string(out), "ReadWritePaths=") {
			t.Errorf("%s: status %d, %s", options, status, out)
		}
		if names, err := os.ReadDir(filepath.Join(dir, "source")); err != nil || len(names) != 1 {
			t.Errorf("%s: %v %v", options, names, err)
		}
	}
}

// What the source of a mount forbids, the mount in the empty root folder forbids too,
// and so do the mounts below it.
func TestMountsKeepTheirAttributes(t *testing.T) {
	lookAtSources(t)
	for _, options := range []string{"nosuid", "nodev", "noexec", "noatime", "nodiratime", "ro", "ro,nosuid,nodev,noexec,noatime"} {
		dir, mounts := boundFolder(t, options)
		cmd := exec.Command("unshare", "-m", "sh", "-c", mounts+" exec "+bin+"/sl-write -n --no-check "+dir+"/local")
		stdin, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for _, at := range []string{"/0", "/0/below"} {
			have := mountedWith(t, cmd.Process.Pid, at)
			for _, want := range strings.Split(options+",nosuid,nodev,noexec", ",") {
				if !strings.Contains(","+have+",", ","+want+",") {
					t.Errorf("%s: %s has %s, not %s", options, at, have, want)
				}
			}
		}
		io.WriteString(stdin, "{}\n")
		stdin.Close()
		cmd.Wait()
	}
}

// mountedWith waits until a process has a mount at a path, and returns its options.
func mountedWith(t *testing.T, pid int, at string) string {
	t.Helper()
	for range 500 {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/mountinfo", pid))
		for line := range strings.Lines(string(text)) {
			if f := strings.Fields(line); len(f) > 5 && f[4] == at && !strings.Contains(string(text), " /proc/sys") {
				return f[5]
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("no mount at %s", at)
	return ""
}
