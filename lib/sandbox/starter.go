package sandbox

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// A starter is who starts the program, and what the kernel lets it do with that.
// Root does not have root's rights everywhere: a container takes capabilities away,
// and a user namespace may have no other user in it.
type starter struct {
	root    bool
	spaces  bool   // it may make namespaces without a user namespace around them
	bounds  bool   // it may close the bounding set
	becomes bool   // it may become another user
	groups  bool   // it may drop its groups
	stays   string // why root may not become another user
	alone   string // why it cannot: there is none
}

// knowStarter asks the kernel. An ordinary user may do none of it, and whoever has
// capabilities but is not root is taken for one.
func knowStarter() (s starter, err error) {
	if os.Geteuid() != 0 {
		return s, nil
	}
	now, err := capabilities()
	if err != nil {
		return s, err
	}
	has := func(capability int) bool { return now.effective>>capability&1 != 0 }
	s = starter{root: true, spaces: has(unix.CAP_SYS_ADMIN), bounds: has(unix.CAP_SETPCAP)}
	maps, err := readMaps()
	switch {
	case err != nil:
		return s, err
	case maps.alone():
		s.alone = "this user namespace has no other user than root"
	case !has(unix.CAP_SETUID) || !has(unix.CAP_SETGID):
		s.stays = "root lacks CAP_SETUID or CAP_SETGID here"
	default:
		s.becomes = true
		s.groups = maps.first() || !deniesGroups()
	}
	return s, nil
}

// idMaps are the users and groups that this user namespace has, as in
// user_namespaces(7).
type idMaps struct{ users, groups string }

func readMaps() (m idMaps, err error) {
	if m.users, err = readFile("/proc/self/uid_map"); err != nil {
		return m, fmt.Errorf("/proc/self/uid_map: %w", err)
	}
	if m.groups, err = readFile("/proc/self/gid_map"); err != nil {
		return m, fmt.Errorf("/proc/self/gid_map: %w", err)
	}
	return m, nil
}

// has reports whether both numbers exist here.
func (m idMaps) has(uid, gid int) bool {
	return highestMapped(m.users, uid) == uid && highestMapped(m.groups, gid) == gid
}

// alone reports whether there is no number but 0 for a user or for a group.
func (m idMaps) alone() bool {
	const most = 1<<31 - 1
	return highestMapped(m.users, most) <= 0 || highestMapped(m.groups, most) <= 0
}

// first reports whether this is the first user namespace, which has all numbers.
func (m idMaps) first() bool { return m.has(1<<31-1, 1<<31-1) }

// deniesGroups: without the file's word the kernel will say it.
func deniesGroups() bool {
	text, err := readFile("/proc/self/setgroups")
	return err == nil && strings.HasPrefix(text, "deny")
}

// highestMapped reads a map of user_namespaces(7), and returns the highest number
// in it that is not above want.
func highestMapped(text string, want int) int {
	highest := -1
	for line := range strings.Lines(text) {
		var inside, outside, count int
		if n, _ := fmt.Sscan(line, &inside, &outside, &count); n != 3 || count <= 0 || inside > want {
			continue
		}
		highest = max(highest, min(want, inside+count-1))
	}
	return highest
}
