package sandbox

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// userName is the dedicated user, where the system has it.
const userName = "_sl"

// Without one the number is drawn from a range that neither login.defs(5) nor
// systemd (uids-gids: containers end at 0x6fffffff) gives to anybody.
const unusedID = 0x70000000

// An identity is whom the program runs as.
type identity struct {
	uid, gid  int
	processes uint64 // RLIMIT_NPROC in its namespaces
	keeps     uint64 // capabilities, 1<<number each
}

// identityFor keeps the user, unless it is root that may become another; and root
// where it works on files that are root's. Without capabilities that is a user like
// others, who happens to own the system's files.
func identityFor(k kind, s starter) (identity, error) {
	if s.root && k.owner {
		return identity{0, 0, sharedProcesses, keepable(k.keeps)}, nil
	}
	id := identity{os.Getuid(), os.Getgid(), ownProcesses, 0}
	if s.becomes {
		var err error
		if id, err = dedicatedUser(); err != nil {
			return id, err
		}
	}
	if k.ownNetwork() {
		id.keeps = k.keeps
	}
	return id, nil
}

// dedicatedUser returns _sl, else a user that nobody is: where this user namespace
// has such a number, else the highest that it has.
func dedicatedUser() (identity, error) {
	maps, err := readMaps()
	if err != nil {
		return identity{}, err
	}
	if passwd, err := readFile("/etc/passwd"); err == nil {
		if id, ok := findUser(passwd, userName); ok && maps.has(id.uid, id.gid) {
			return id, nil
		}
	}
	var b [4]byte
	if _, err := unix.Getrandom(b[:], 0); err != nil {
		return identity{}, fmt.Errorf("getrandom: %w", err)
	}
	n := unusedID | int(b[0]&15)<<24 | int(b[1])<<16 | int(b[2])<<8 | int(b[3])
	return identity{highestMapped(maps.users, n), highestMapped(maps.groups, n), ownProcesses, 0}, nil
}

// findUser looks a name up in passwd(5). Root's numbers are no dedicated user's.
func findUser(passwd, name string) (identity, bool) {
	for line := range strings.Lines(passwd) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), ":")
		if len(f) != 7 || f[0] != name {
			continue
		}
		uid, err1 := strconv.ParseUint(f[2], 10, 31)
		gid, err2 := strconv.ParseUint(f[3], 10, 31)
		if err1 != nil || err2 != nil || uid == 0 || gid == 0 {
			return identity{}, false
		}
		return identity{int(uid), int(gid), sharedProcesses, 0}, true
	}
	return identity{}, false
}

// become takes the identity for good, all three ids of the user and of the group.
// For an ordinary user that gives up what a set-user-id program has beside.
func (l *list) become(id identity) {
	uid, gid := uintptr(id.uid), uintptr(id.gid)
	l.add(layerUser, "setresgid", unix.SYS_SETRESGID, gid, gid, gid)
	l.add(layerUser, "setresuid", unix.SYS_SETRESUID, uid, uid, uid)
}

// dropRoot makes root that user before anything else is done. The files of the
// process itself in /proc would be root's after it, and a user namespace's maps stand
// there, so it is dumpable until that is done.
func (l *list) dropRoot(id identity, s starter) {
	l.dropGroups(s)
	l.become(id)
	l.add(layerUser, "dumpable", unix.SYS_PRCTL, unix.PR_SET_DUMPABLE, 1, 0, 0, 0)
}

// dropGroups is root's to do, where its user namespace does not forbid it.
func (l *list) dropGroups(s starter) {
	if s.groups {
		l.add(layerUser, "setgroups", unix.SYS_SETGROUPS, 0, 0)
	}
}

// oneUser asks whether there is one user and group only, not root's, and tries
// to become root. Root remains root only where stays allows it.
func oneUser(stays bool) error {
	ruid, euid, suid := unix.Getresuid()
	rgid, egid, sgid := unix.Getresgid()
	if ruid != euid || euid != suid || rgid != egid || egid != sgid {
		return errors.New("more than one user or group id")
	}
	if euid == 0 && stays {
		return nil
	}
	if euid == 0 {
		return errors.New("the user is root")
	}
	// One thread only, and it must fail.
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, 0, 0, 0); errno == 0 {
		return errors.New("the user can become root again")
	}
	return nil
}
