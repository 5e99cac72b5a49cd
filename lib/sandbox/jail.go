package sandbox

import (
	"strings"

	"golang.org/x/sys/unix"
)

// rootIsMount reports whether the root folder is the root of a mount. In a plain chroot
// it is some folder of one.
func rootIsMount() bool {
	var st unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, "/", unix.AT_NO_AUTOMOUNT, 0, &st)
	return err != nil || st.Attributes_mask&unix.STATX_ATTR_MOUNT_ROOT == 0 || st.Attributes&unix.STATX_ATTR_MOUNT_ROOT != 0
}

// onMounts acts on "/" where that is a mount with all others below it. In a plain chroot
// it takes the top of the tree instead: what is mounted in a mount that is not private
// would be mounted for the whole machine.
//
// The way out is the known one, a second chroot(2) to a folder that the working folder
// is not in; with its capability the chroot never was a bound. A third one leads back.
func (l *list) onMounts(chrooted, gives bool, act func(top uintptr)) {
	if !chrooted {
		act(l.text("/"))
		return
	}
	const deep = 1000 // folders; PATH_MAX is 4096
	l.add(layerRoot, "chdir", unix.SYS_CHDIR, l.text("/"))
	l.add(layerRoot, "chroot", unix.SYS_CHROOT, l.text(mountPoint))
	l.mayGive(gives, givesNamespaces)
	act(l.text(strings.Repeat("../", deep)))
	l.add(layerRoot, "chroot", unix.SYS_CHROOT, l.text("."))
}
