package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestInputs(t *testing.T) {
	path := program(t)
	dir := openDir(t)
	var names []string
	var want strings.Builder
	for i := range 60 {
		name := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(name, fmt.Appendln(nil, i), 0o644); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
		fmt.Fprintln(&want, i)
	}
	forEach(t, func(t *testing.T, u user) {
		for _, n := range []int{0, 1, 2, 60} {
			e := finish(u.command(path, "inputs", names[:n]...))
			if want := strings.Join(strings.SplitAfter(want.String(), "\n")[:n], ""); e.status != 0 || e.out != want {
				t.Errorf("%d inputs: %v", n, e)
			}
		}
	})
}

func TestBlob(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		for _, n := range []int{0, 1, 10, 5 << 20} {
			e := finish(u.command(path, "blob", "b", fmt.Sprint(n)))
			if want := fmt.Sprintln(n, strings.Repeat("b", min(n, 10))); e.status != 0 || strings.ReplaceAll(e.out, " ", "") != strings.ReplaceAll(want, " ", "") {
				t.Errorf("%d bytes: %v", n, e)
			}
		}
	})
}

func TestSealedBlob(t *testing.T) {
	fd, err := sealBlob([]byte("trusted"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unix.Pwrite(fd, []byte("x"), 0); err == nil {
		t.Error("it can be written to")
	}
	if err := unix.Ftruncate(fd, 1); err == nil {
		t.Error("it can be cut")
	}
	b, err := readBlob(fd)
	if err != nil || string(b) != "trusted" {
		t.Errorf("%q, %v", b, err)
	}
	if isOpen(fd) == nil {
		t.Error("it is still open")
	}
	if _, err := sealBlob(make([]byte, MaxBlob+1)); err == nil {
		t.Error("it has no bound")
	}
}

func TestUnsealedBlob(t *testing.T) {
	memory, err := unix.MemfdCreate("forged", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		t.Fatal(err)
	}
	unix.FcntlInt(uintptr(memory), unix.F_ADD_SEALS, unix.F_SEAL_GROW)
	file, err := unix.Open("/proc/self/exe", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range []int{memory, file} {
		if _, err := readBlob(fd); err == nil {
			t.Error("it was read")
		}
	}
}

func TestFolders(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		dir := openDir(t)
		var folders []string
		for i := range 3 {
			folder := filepath.Join(dir, fmt.Sprint("folder ", i))
			file := filepath.Join(folder, "file")
			if err := os.Mkdir(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte("text\n"), 0o640); err != nil {
				t.Fatal(err)
			}
			if u.credential != nil {
				os.Chown(folder, int(u.credential.Uid), int(u.credential.Gid))
				os.Chown(file, int(u.credential.Uid), int(u.credential.Gid))
			}
			folders = append(folders, folder)
		}
		if e := finish(u.command(path, "write", strings.Join(folders, ":"))); e.status != 0 || e.out != "done\n" {
			t.Fatal(e)
		}
		for _, folder := range folders {
			b, err := os.ReadFile(filepath.Join(folder, "file"))
			if err != nil || string(b) != "new text\n" {
				t.Errorf("%q, %v", b, err)
			}
			var st unix.Stat_t
			unix.Stat(filepath.Join(folder, "file"), &st)
			if u.credential != nil && st.Uid != u.credential.Uid || st.Mode&0o777 != 0o640 {
				t.Errorf("owner %d, mode %o", st.Uid, st.Mode)
			}
			if names, _ := os.ReadDir(folder); len(names) != 1 {
				t.Errorf("%v", names)
			}
		}
	})
}

// What Enter refuses before it does anything.
func TestCheck(t *testing.T) {
	good := Policy{Calls: "pure", Data: MinData}
	tests := []struct {
		name string
		p    Policy
		at   layout
	}{
		{"no policy", Policy{Data: MinData}, layout{}},
		{"an unknown policy", Policy{Calls: "all", Data: MinData}, layout{}},
		{"the policy of the process that waits", Policy{Calls: "wait", Data: MinData}, layout{}},
		{"no bound of memory", Policy{Calls: "pure"}, layout{}},
		{"folders without their policy", good, layout{folders: 1}},
		{"the policy without folders", Policy{Calls: "write", Data: MinData}, layout{}},
		{"too many folders", Policy{"write", MinData}, layout{folders: MaxFolders + 1}},
		{"too many inputs", good, layout{inputs: MaxInputs + 1}},
		{"too many files", Policy{"write", MinData}, layout{folders: 1, inputs: MaxFiles + 1}},
	}
	for _, test := range tests {
		if err := check(test.p, order{role: SecondStart, layout: test.at}); err == nil {
			t.Errorf("%s: accepted", test.name)
		}
	}
	if err := check(good, order{role: SecondStart}); err != nil {
		t.Error(err)
	}
	if err := absolute([]string{"/tmp", "tmp"}); err == nil {
		t.Error("a relative folder: accepted")
	}
}
