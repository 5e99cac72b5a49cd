package sandbox

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// A kind is what goes with a system call policy of lib/sandbox/calls.
type kind struct {
	program []byte

	folders   uint64 // Landlock's rights beneath a folder; 0: a program of this kind has none
	foldersRO bool   // they are mounted read-only
	owner     bool   // root stays root, whose files they are

	child string // of its AppArmor profile

	keeps    uint64 // capabilities, 1<<number each, that are kept where they are there
	receives bool   // a descriptor more for each input

	// programs: it executes those of the system. So the root folder is the system's,
	// read-only, and as there is no list of calls, it is in namespaces whoever starts
	// it, with an empty network; over that it has the capabilities that are kept.
	programs bool
}

const (
	mountFlags = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC

	locked = "locked"

	toRead  = unix.LANDLOCK_ACCESS_FS_READ_FILE
	toList  = toRead | unix.LANDLOCK_ACCESS_FS_READ_DIR
	toWrite = toRead | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE |
		unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE
	toExecute = toList | unix.LANDLOCK_ACCESS_FS_EXECUTE
)

func kindOf(calls string) (kind, error) {
	switch calls {
	case "pure":
		return kind{program: pureProgram, child: locked}, nil
	case "read":
		return kind{program: readProgram, child: locked}, nil
	case "follow":
		return kind{program: followProgram, child: locked, receives: true}, nil
	case "open":
		// Root opens logs that are not its own, and has no other way to.
		return kind{program: openProgram, child: "open", folders: toRead, foldersRO: true, owner: true, keeps: 1 << unix.CAP_DAC_READ_SEARCH}, nil
	case "write":
		return kind{program: writeProgram, child: locked, folders: toWrite, owner: true}, nil
	case "run":
		return kind{program: runProgram, child: "run", folders: toList, foldersRO: true, programs: true}, nil
	case "run-network":
		return kind{program: runNetworkProgram, child: "run", folders: toList, foldersRO: true, programs: true,
			keeps: 1<<unix.CAP_NET_ADMIN | 1<<unix.CAP_NET_RAW}, nil
	}
	return kind{}, fmt.Errorf("no system call policy is called %q", calls)
}

// mount returns the attributes that the mount of a folder gets.
func (k kind) mount() uint64 {
	const attributes = unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NODEV | unix.MOUNT_ATTR_NOEXEC
	if k.foldersRO {
		return attributes | unix.MOUNT_ATTR_RDONLY
	}
	return attributes
}

// ownNetwork: the capabilities that are kept are those over a network of its own,
// and only a user namespace gives them.
func (k kind) ownNetwork() bool { return k.programs && k.keeps != 0 }
