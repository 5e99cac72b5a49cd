package sandbox

import (
	"errors"
	"fmt"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// mountPoint is where the new root is put before it becomes the root: a folder
// that exists, for the program was found through it.
const mountPoint = "/proc"

// enterRoot makes an empty read-only tmpfs the root folder and detaches the old
// tree. Everybody may read it by its mode (0555), so that a refused open of "/"
// proves Landlock and nothing else.
//
// A folder descriptor from before would lead back: its ".." stays within the
// detached tree, which holds the whole system. So the folders are mounted in the
// new root and opened there; the ".." of a mount is in the new root.
func (l *list) enterRoot(folders []string, k kind) {
	dot, at := l.text("."), ^uintptr(99) // AT_FDCWD
	for i, path := range folders {
		to := l.text(mountPoint + "/" + strconv.Itoa(i))
		l.add(layerRoot, "mkdir", unix.SYS_MKDIRAT, at, to, 0o555)
		// Recursive, for in a user namespace what lies below a mount is locked to it.
		l.mount("mount "+path, l.text(path), to, 0, unix.MS_BIND|unix.MS_REC, 0)
		l.restrictMount(path, to, k.mount())
	}
	l.add(layerRoot, "chmod", unix.SYS_FCHMODAT, at, l.text(mountPoint), 0o555)
	l.add(layerRoot, "chdir", unix.SYS_CHDIR, l.text(mountPoint))
	l.mount("read-only", 0, dot, 0, unix.MS_REMOUNT|unix.MS_RDONLY|mountFlags, 0)
	l.changeRoot()
	l.add(layerRoot, "chdir", unix.SYS_CHDIR, l.text("/"))
	for i, path := range folders {
		const fd = pollerEpoll // free, see placeDescriptors
		l.expect(fd, layerRoot, "open "+path, unix.SYS_OPENAT, at, l.text("/"+strconv.Itoa(i)),
			unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		l.add(layerRoot, path, unix.SYS_DUP3, fd, uintptr(firstFolder+i), 0)
		l.add(layerRoot, path, unix.SYS_CLOSE, fd)
	}
}

// mountRoot mounts the new root. It comes first, for what root cannot mount it may go
// without, while nothing has been done yet.
func (l *list) mountRoot(folders []string, chrooted, gives bool) {
	l.onMounts(chrooted, gives, func(top uintptr) {
		l.makePrivate(top)
		l.mayGive(gives && !chrooted, givesNamespaces)
	})
	options := fmt.Sprintf("size=4k,nr_inodes=%d,mode=0755", 2+len(folders))
	l.mount("mount tmpfs", l.text("none"), l.text(mountPoint), l.text("tmpfs"), mountFlags, l.text(options))
	l.mayGive(gives, givesNamespaces)
}

// changeRoot makes the working folder the root folder. pivot_root(2) fails with EINVAL
// where the root folder is not a mount, as in a plain chroot, and where it is the
// initial ramfs, before Linux 7; Docker forbids it to root that may mount. There the new root is moved on top of the old one, as
// switch_root(8) does: no path and no descriptor leads below it, and the way out of a
// chroot needs a capability that is given up.
func (l *list) changeRoot() {
	dot := l.text(".")
	l.add(layerRoot, "pivot_root", unix.SYS_PIVOT_ROOT, dot, dot)
	l.last().instead, l.last().otherwise = [2]syscall.Errno{unix.EINVAL, unix.EPERM}, 1
	l.add(layerRoot, "detach the old root", unix.SYS_UMOUNT2, dot, unix.MNT_DETACH)
	l.last().then = 2
	l.mount("move the new root", dot, l.text("/"), 0, unix.MS_MOVE, 0)
	l.add(layerRoot, "chroot", unix.SYS_CHROOT, dot)
}

func (l *list) mount(what string, from, to, kind, flags, data uintptr) {
	l.add(layerRoot, what, unix.SYS_MOUNT, from, to, kind, flags, data)
}

// makeReadOnly leaves the tree as it is, but nothing in it can be changed and no
// set-user-id program gives a right.
func (l *list) makeReadOnly(chrooted bool) {
	l.onMounts(chrooted, false, func(top uintptr) {
		l.makePrivate(top)
		l.restrictMount("/", top, unix.MOUNT_ATTR_RDONLY|unix.MOUNT_ATTR_NOSUID)
	})
}

// reopenNull opens /dev/null anew for the standard descriptors of what runs programs, now
// that the tree is read-only: the mode and the times of the machine's own device are
// root's to change, by a descriptor that is older.
func (l *list) reopenNull() {
	const fd = pollerEpoll // free, see placeDescriptors
	at := ^uintptr(99)     // AT_FDCWD
	l.expect(fd, layerDescriptors, "open /dev/null", unix.SYS_OPENAT, at, l.text("/dev/null"), unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	for to := range uintptr(3) {
		l.add(layerDescriptors, "/dev/null", unix.SYS_DUP3, fd, to, 0)
	}
	l.add(layerDescriptors, "close /dev/null", unix.SYS_CLOSE, fd)
}

// makePrivate: what is mounted here is mounted nowhere else.
func (l *list) makePrivate(top uintptr) {
	l.mount("private propagation", 0, top, 0, unix.MS_REC|unix.MS_PRIVATE, 0)
}

// restrictMount adds attributes to the mount at a path and to all below it. It sets
// and never clears: a remount by mount(2) has to name all that shall stay, and would
// make a read-only mount writable. mount_setattr(2) is Linux 5.12.
func (l *list) restrictMount(name string, at uintptr, attributes uint64) {
	const size = unsafe.Sizeof(unix.MountAttr{})
	l.add(layerRoot, "mount_setattr "+name, unix.SYS_MOUNT_SETATTR, ^uintptr(99), at, unix.AT_RECURSIVE, // AT_FDCWD
		pinnedTo(l, unix.MountAttr{Attr_set: attributes}), size)
}

// inRoot asks for the root folder that goes with the kind.
func inRoot(k kind, o order) error {
	if !k.programs {
		return inEmptyRoot(o.layout)
	}
	var fs unix.Statfs_t
	if err := unix.Statfs("/", &fs); err != nil {
		return err
	}
	if fs.Flags&unix.ST_RDONLY == 0 {
		return errors.New("the root folder is not read-only")
	}
	return inScratch(o.scratch)
}

// inEmptyRoot asks whether the root folder is what enterRoot makes.
func inEmptyRoot(at layout) error {
	var fs unix.Statfs_t
	if err := unix.Statfs("/", &fs); err != nil {
		return err
	}
	if fs.Type != unix.TMPFS_MAGIC || fs.Flags&unix.ST_RDONLY == 0 {
		return errors.New("the root folder is no read-only tmpfs")
	}
	var root, now unix.Stat_t
	if err := unix.Stat("/", &root); err != nil {
		return err
	}
	if err := unix.Stat(".", &now); err != nil {
		return err
	}
	// tmpfs counts the folders in a folder: two names of its own, one in each.
	if uint64(root.Nlink) != 2+uint64(at.folders) || root.Dev != now.Dev || root.Ino != now.Ino {
		return errors.New("the root folder is not empty")
	}
	for _, path := range []string{"/proc", "/etc", "/dev", "/usr", "/tmp"} {
		var st unix.Stat_t
		if err := unix.Lstat(path, &st); !errors.Is(err, unix.ENOENT) {
			return fmt.Errorf("%s is there: %v", path, err)
		}
	}
	return nil
}
