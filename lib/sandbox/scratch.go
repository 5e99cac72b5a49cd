package sandbox

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// A Scratch is a folder in which a companion can lay files out as they stand on the
// machine, and change them: nobody else sees them, and they end with it. At first it
// is empty.
type Scratch struct {
	Path  string // absolute, of a folder that is there, without links
	Bytes uint64 // the most that it can hold
	Files uint64 // the most files and folders
}

// Landlock's rights beneath it: all but execution, sockets, pipes and devices.
const toScratch = toList | toWrite | unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_SYM

func (s *Scratch) check(k kind) error {
	switch {
	case !k.programs:
		return errors.New("only what runs the system's programs has a folder of its own")
	case !filepath.IsAbs(s.Path) || filepath.Clean(s.Path) != s.Path || s.Path == "/":
		return fmt.Errorf("%q cannot be a folder of its own", s.Path)
	}
	return nil
}

// mountScratch comes after makeReadOnly, and needs its capabilities.
//
// The way to the folder may be closed to the user that the companion becomes, who is
// asked for search permission in each folder that a path leads through. Then an empty
// folder that everybody may search, with nothing in it but the way, hides the first
// that is closed.
func (l *list) mountScratch(s *Scratch, id identity, at layout, root bool) {
	here := ^uintptr(99) // AT_FDCWD
	mount := func(path, options string) {
		l.add(layerRoot, "mount tmpfs on "+path, unix.SYS_MOUNT, l.text("none"), l.text(path), l.text("tmpfs"), mountFlags, l.text(options))
	}
	if closed := firstClosed(s.Path); root && closed != "" {
		rest := strings.Split(strings.TrimPrefix(s.Path, closed+"/"), "/")
		l.add(layerRoot, "umask", unix.SYS_UMASK, 0o022)
		mount(closed, fmt.Sprintf("size=4k,nr_inodes=%d,mode=0755", len(rest)+1))
		for i := range rest {
			l.add(layerRoot, "mkdir", unix.SYS_MKDIRAT, here, l.text(closed+"/"+strings.Join(rest[:i+1], "/")), 0o755)
		}
		l.restrictMount(closed, l.text(closed), unix.MOUNT_ATTR_RDONLY)
	}
	mount(s.Path, fmt.Sprintf("size=%d,nr_inodes=%d,mode=0700,uid=%d,gid=%d", s.Bytes, s.Files, id.uid, id.gid))
	if abi := landlockABI(); abi > 0 {
		attr, _ := landlockAttr(abi)
		const fd = pollerEpoll // free, see placeDescriptors
		l.expect(fd, layerRoot, "open "+s.Path, unix.SYS_OPENAT, here, l.text(s.Path), unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		l.add(layerLandlock, "add a rule", unix.SYS_LANDLOCK_ADD_RULE, uintptr(at.rulesetAt()), unix.LANDLOCK_RULE_PATH_BENEATH,
			pinnedTo(l, pathBeneath(fd, toScratch&attr.Handled_access_fs)), 0)
		l.add(layerRoot, "close "+s.Path, unix.SYS_CLOSE, fd)
	}
}

// firstClosed returns the first folder on the way to path that other users may not
// search, "" where all may.
func firstClosed(path string) string {
	for i, c := range path {
		if c != '/' || i == 0 {
			continue
		}
		var st unix.Stat_t
		if unix.Stat(path[:i], &st) != nil || st.Mode&0o001 == 0 {
			return path[:i]
		}
	}
	return ""
}

// inScratch asks whether the folder is what mountScratch makes.
func inScratch(path string) error {
	if path == "" {
		return nil
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(path, &fs); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	const want = unix.ST_NOSUID | unix.ST_NODEV | unix.ST_NOEXEC
	if fs.Type != unix.TMPFS_MAGIC || fs.Flags&(want|unix.ST_RDONLY) != want {
		return fmt.Errorf("%s is no folder of its own", path)
	}
	return nil
}
