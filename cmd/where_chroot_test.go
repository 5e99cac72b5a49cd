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

// inJail makes a folder with the programs in it and returns a place whose root folder
// that is: a plain one, which is no mount, and of a tree whose mounts are shared, as
// systemd makes them.
func inJail(t *testing.T) *place {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can chroot")
	}
	jail := t.TempDir()
	for _, name := range []string{"bin", "dev", "etc", "proc", "tmp", "w/local"} {
		if err := os.MkdirAll(filepath.Join(jail, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("cp", "-r", bin+"/.", "../testdata/logs/audit.log", jail+"/bin").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	if err := os.Rename(jail+"/bin/audit.log", jail+"/w/audit.log"); err != nil {
		t.Fatal(err)
	}
	lookAtSources(t)
	sh := fmt.Sprintf(`mount --make-rshared / && mount -t proc proc %[1]s/proc && exec chroot %[1]s "$0" "$@"`, jail)
	return &place{T: t, start: []string{"unshare", "-m", "sh", "-c", sh}, root: jail, dir: "/w", bin: "/bin"}
}

// In a plain chroot the empty root folder lies on top of the old one.
func TestWhereChroot(t *testing.T) {
	p := inJail(t)
	p.reports(spaces, otherUser, noCaps)
	p.works()
}

// What is mounted for a program in a chroot is mounted for nobody else, and its root
// folder is the empty one.
func TestWhereChrootIsAlone(t *testing.T) {
	p := inJail(t)
	sh := fmt.Sprintf(`mount --make-rshared / && mount -t proc proc %[1]s/proc && cat /proc/self/mountinfo >%[1]s/before &&
		{ sleep 100 | chroot %[1]s /bin/sl-parse & } && sleep 1 && cat /proc/self/mountinfo >%[1]s/after
		for p in /proc/[0-9]*; do [ "$(cat $p/comm)" = sl-parse ] && ls -A $p/root/ && readlink $p/fd/* && echo "found $p"; done; exit 0`, p.root)
	cmd := exec.Command("unshare", "-mpf", "sh", "-c", "mount -t proc proc /proc && "+sh)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "found /proc/") {
		t.Fatalf("%v: %s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "pipe:") && !strings.HasPrefix(line, "anon_inode:") && !strings.HasPrefix(line, "found ") {
			t.Errorf("it has %q", line)
		}
	}
	before, _ := os.ReadFile(p.root + "/before")
	after, _ := os.ReadFile(p.root + "/after")
	if len(before) == 0 || string(before) != string(after) {
		t.Errorf("mounts before:\n%s\nand after:\n%s", before, after)
	}
}
