package sandbox

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// A kind is what goes with a system call policy of lib/sandbox/policy.
type kind struct {
	program  []byte
	folders  folderKind
	keeps    uint64 // capabilities that root keeps, 1<<number each
	receives bool   // a descriptor more for each input
}

// A folderKind is what the files beneath a folder may be used for.
type folderKind struct {
	rights uint64  // Landlock's; 0: a program of this kind has no folders
	mount  uintptr // the flags of its mount in the new root folder
}

const mountFlags = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC

var noFolders folderKind

// Files are read, no list of them.
func foldersToRead() folderKind {
	return folderKind{unix.LANDLOCK_ACCESS_FS_READ_FILE, mountFlags | unix.MS_RDONLY}
}

// Files are read, written, made and removed; no folders, no special files, no list.
func foldersToWrite() folderKind {
	return folderKind{unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE |
		unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE, mountFlags}
}

func kindOf(calls string) (kind, error) {
	switch calls {
	case "pure":
		return kind{pureProgram, noFolders, 0, false}, nil
	case "read":
		return kind{readProgram, noFolders, 0, false}, nil
	case "follow":
		return kind{followProgram, noFolders, 0, true}, nil
	case "open":
		// Root opens logs that are not its own, and has no other way to.
		return kind{openProgram, foldersToRead(), 1 << unix.CAP_DAC_READ_SEARCH, false}, nil
	case "write":
		return kind{writeProgram, foldersToWrite(), 0, false}, nil
	}
	return kind{}, fmt.Errorf("no system call policy is called %q", calls)
}
