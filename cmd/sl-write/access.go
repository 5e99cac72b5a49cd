package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/broker"
	"github.com/sl-suite/sl/lib/stage"
)

// owner is who the second start is: root loses its other groups, as it loses its
// capabilities.
func owner() *broker.Owner {
	o := &broker.Owner{User: os.Geteuid(), Groups: []int{os.Getegid()}}
	if more, err := os.Getgroups(); err == nil && o.User != 0 {
		o.Groups = append(o.Groups, more...)
	}
	return o
}

// mayWrite says, before anything is read, that the second start could not write in
// the folder, or not replace the firewall file: what root may now because of its
// capabilities, it may not then.
func (f *flags) mayWrite(t target, folder string) error {
	if f.Sandbox == "report" {
		return nil
	}
	want := uint32(unix.W_OK | unix.X_OK)
	if f.DryRun {
		want = unix.X_OK
	}
	if err := allowed(folder, want, "write in it"); err != nil {
		return err
	}
	if t.Name == "" {
		return nil
	}
	path := filepath.Join(folder, t.Name)
	err := allowed(path, unix.R_OK, "read it")
	if err == nil && !f.DryRun {
		o := &broker.Owner{User: f.User, Groups: f.Groups}
		var st unix.Stat_t
		if unix.Lstat(path, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFREG {
			if why, hint := o.Keeps(path, int(st.Uid), int(st.Gid)); why != "" {
				return stage.WithHint(fmt.Errorf("%s: %s", path, why), hint)
			}
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// allowed asks the kernel for permission to act on what stands at a path, as it will
// be asked by a process without capabilities. The way there does not matter: what is
// to be written in is opened before.
func allowed(path string, want uint32, act string) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	err = withoutCapabilities(func() error { return unix.Faccessat(fd, "", want, unix.AT_EACCESS|unix.AT_EMPTY_PATH) })
	if err == nil || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EINVAL) { // before Linux 5.8: it shows later
		return nil
	}
	var st unix.Stat_t
	if errors.Is(err, unix.EROFS) {
		return stage.WithHint(&fs.PathError{Op: "access", Path: path, Err: err},
			"the file system or the mount is read-only; in a unit ReadWritePaths="+path+" lets it be written")
	}
	if !errors.Is(err, unix.EACCES) || unix.Stat(path, &st) != nil {
		return &fs.PathError{Op: "access", Path: path, Err: err}
	}
	why := fmt.Sprintf("%s: sl-write may not %s: it belongs to the user %d, group %d, and has the mode %04o", path, act, st.Uid, st.Gid, st.Mode&0o7777)
	hint := fmt.Sprintf("run it as the user %d", st.Uid)
	if st.Uid == 0 {
		hint = "run it as root"
	}
	switch {
	case int(st.Uid) == os.Geteuid():
		hint = "say: chmod u+rwX " + path
	case os.Geteuid() == 0:
		why += "; root keeps no capability here"
		hint += ", or say: chown root " + path
	}
	return stage.WithHint(errors.New(why), hint)
}

// withoutCapabilities calls f in a thread that has none in effect (capset(2)).
func withoutCapabilities(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var now [2]unix.CapUserData
	if err := unix.Capget(&header, &now[0]); err != nil {
		return f()
	}
	none := now
	none[0].Effective, none[1].Effective = 0, 0
	if err := unix.Capset(&header, &none[0]); err != nil {
		return f()
	}
	err := f()
	if back := unix.Capset(&header, &now[0]); back != nil {
		return fmt.Errorf("capset: %w", back)
	}
	return err
}
