package main

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/record"
)

// TestHandedDescriptors: a companion that was taken over can hand anything over. What it is
// says the kernel, so no file gets another's owner or name, and none but a file is read.
func TestHandedDescriptors(t *testing.T) {
	dir := t.TempDir()
	file, err := os.Create(dir + "/log")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if os.Geteuid() == 0 {
		file.Chown(65534, 65534)
	}
	var st unix.Stat_t
	if err := unix.Fstat(int(file.Fd()), &st); err != nil {
		t.Fatal(err)
	}
	const path = "/var/log/audit/audit.log"
	src, err := (&name{Path: path, Audit: record.AuditPath}).describe(int(file.Fd()), 0)
	if err != nil || src.Path != path || src.UID != st.Uid || src.Ino != st.Ino {
		t.Errorf("%+v, %v", src, err)
	}
	if st.Uid != 0 && src.Audit != "" {
		t.Errorf("a file of the user %d has what goes for auditd's: %q", st.Uid, src.Audit)
	}
	folder, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	null, err := os.Open("/dev/null")
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	var pipe [2]int
	if err := unix.Pipe(pipe[:]); err != nil {
		t.Fatal(err)
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	for what, fd := range map[string]int{"folder": int(folder.Fd()), "device": int(null.Fd()), "pipe": pipe[0], "socket": pair[0], "nothing": 1 << 20} {
		if _, err := (&name{Path: path}).describe(fd, 0); err == nil {
			t.Errorf("a %s was taken", what)
		}
	}
}
