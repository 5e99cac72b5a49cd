package broker

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestModes(t *testing.T) {
	old := unix.Umask(0o077)
	defer unix.Umask(old)
	folder := t.TempDir()
	write(t, folder, "kept", "# x\n")
	if err := os.Chmod(filepath.Join(folder, "kept"), 0o640); err != nil {
		t.Fatal(err)
	}
	d := lay(t, folder, func(o *Options) {
		fd := o.Targets[0].Folder
		o.Targets = append(o.Targets, Target{Folder: fd, Path: "fw", Name: "fw", Syntax: "toy"})
		o.State = &State{Folder: fd, Path: "state", Name: "state"}
		o.Backup = "~"
	})
	d.add("/new", "a=r;")
	d.add("/kept", "a=r;")
	fw := rule("", "a=r;")
	fw.Lang, fw.Syntax = "netfilter", "toy"
	if err := d.AddRule(fw); err != nil {
		t.Fatal(err)
	}
	d.run([]byte("s"))
	for name, want := range map[string]os.FileMode{"new": 0o644, "kept": 0o640, "kept~": 0o640, "fw": 0o600, "state": 0o600} {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v; want %v", name, info.Mode(), err, want)
		}
	}
	if got := content(t, folder, "kept~"); got != "# x\n" {
		t.Errorf("backup %q", got)
	}
	if got := names(t, folder); len(got) != 5 {
		t.Errorf("files %v", got)
	}
}

func TestOwnerIsKept(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root: changes the owner of a file")
	}
	folder := t.TempDir()
	write(t, folder, "p", "")
	path := filepath.Join(folder, "p")
	if err := errors.Join(os.Chown(path, 12, 34), os.Chmod(path, 0o604)); err != nil {
		t.Fatal(err)
	}
	d := lay(t, folder, nil)
	d.add("/p", "a=r;")
	d.run(nil)
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil || st.Uid != 12 || st.Gid != 34 || st.Mode&0o7777 != 0o604 {
		t.Errorf("%d:%d %o, %v", st.Uid, st.Gid, st.Mode, err)
	}
}

func TestAttributesAreKept(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "p", "")
	path := filepath.Join(folder, "p")
	if err := unix.Setxattr(path, "user.note", []byte("v\x00w"), 0); err != nil {
		t.Skip("the file system has no extended attributes: ", err)
	}
	d := lay(t, folder, func(o *Options) { o.Backup = ".bak" })
	d.add("/p", "a=r;")
	d.run(nil)
	value := make([]byte, 16)
	for _, name := range []string{"p", "p.bak"} {
		if n, err := unix.Getxattr(filepath.Join(folder, name), "user.note", value); err != nil || string(value[:n]) != "v\x00w" {
			t.Errorf("%s: %q, %v", name, value[:max(n, 0)], err)
		}
	}
}

// acl is a POSIX access list as the kernel stores it (linux/posix_acl_xattr.h):
// owner rw-, user 1 rwx, group r--, mask rwx, others ---.
const acl = "\x02\x00\x00\x00" +
	"\x01\x00\x06\x00\xff\xff\xff\xff" + "\x02\x00\x07\x00\x01\x00\x00\x00" + "\x04\x00\x04\x00\xff\xff\xff\xff" +
	"\x10\x00\x07\x00\xff\xff\xff\xff" + "\x20\x00\x00\x00\xff\xff\xff\xff"

// A folder's default list must not open up a file that had none.
func TestDefaultAccessListIsNotInherited(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "p", "")
	if err := unix.Setxattr(folder, "system.posix_acl_default", []byte(acl), 0); err != nil {
		t.Skip("the file system has no access lists: ", err)
	}
	d := lay(t, folder, nil)
	d.add("/p", "a=r;")
	d.run(nil)
	if n, err := unix.Getxattr(filepath.Join(folder, "p"), "system.posix_acl_access", make([]byte, 256)); err != unix.ENODATA {
		t.Errorf("an access list of %d bytes, %v", n, err)
	}
}

func TestAccessListIsKept(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "p", "")
	path := filepath.Join(folder, "p")
	if err := unix.Setxattr(path, "system.posix_acl_access", []byte(acl), 0); err != nil {
		t.Skip("the file system has no access lists: ", err)
	}
	d := lay(t, folder, nil)
	d.add("/p", "a=r;")
	d.run(nil)
	value := make([]byte, 256)
	if n, err := unix.Getxattr(path, "system.posix_acl_access", value); err != nil || string(value[:n]) != acl {
		t.Errorf("%q, %v", value[:max(n, 0)], err)
	}
}
