package main

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// mountFlags are AppArmor's words for the flags of mount(2).
var mountFlags = map[string]uintptr{
	"rw": 0, "ro": unix.MS_RDONLY, "nosuid": unix.MS_NOSUID, "nodev": unix.MS_NODEV, "noexec": unix.MS_NOEXEC,
	"noatime": unix.MS_NOATIME, "sync": unix.MS_SYNCHRONOUS, "dirsync": unix.MS_DIRSYNC,
	"remount": unix.MS_REMOUNT,
	"private": unix.MS_PRIVATE, "shared": unix.MS_SHARED, "slave": unix.MS_SLAVE, "unbindable": unix.MS_UNBINDABLE,
	"rprivate": unix.MS_PRIVATE | unix.MS_REC, "rshared": unix.MS_SHARED | unix.MS_REC, "rslave": unix.MS_SLAVE | unix.MS_REC,
}

func flags(list string) (f uintptr, err error) {
	for _, w := range strings.Split(list, ",") {
		bits, known := mountFlags[w]
		if !known {
			return 0, fmt.Errorf("no such option: %q", w)
		}
		f |= bits
	}
	return f, nil
}

// newMount mounts FSTYPE OPTIONS SOURCE POINT.
func newMount(a []string) error {
	f, err := flags(a[1])
	if err != nil {
		return err
	}
	return unix.Mount(a[2], a[3], a[0], f, "")
}

// remount changes a mount: OPTIONS POINT.
func remount(a []string) error {
	f, err := flags(a[0])
	if err != nil {
		return err
	}
	return unix.Mount("none", a[1], "", f, "")
}

// mounter binds or moves SOURCE to POINT.
func mounter(f uintptr) func([]string) error {
	return func(a []string) error { return unix.Mount(a[0], a[1], "", f, "") }
}

// mountPoint makes the last argument a folder.
func mountPoint(a []string, _ int) error { return makeFolder(a[len(a)-1]) }

// mounted makes the last argument a mount.
func mounted(a []string, _ int) error {
	point := a[len(a)-1]
	return errors.Join(makeFolder(point), unix.Mount("tmpfs", point, "tmpfs", 0, ""))
}

func mountedThenFolder(a []string, owner int) error {
	return errors.Join(mounted(a[:1], owner), folder(a[1:], owner))
}

// pivotFolders makes the second argument a root, with the first one in it.
func pivotFolders(a []string, owner int) error {
	return errors.Join(mounted(a[1:], owner), folder(a[:1], owner))
}
