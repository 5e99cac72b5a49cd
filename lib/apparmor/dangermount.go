package apparmor

import "slices"

// harmlessMounts are the types of file systems of which a new mount shows nothing
// that was not there for the process before, and the options that it takes for
// that: what is in it comes from the process itself, and holds no device. The type
// "fuse" stands for fuse.NAME as well.
//
// Not among them are proc, sysfs, cgroup and devtmpfs, whose files would be under
// names that a rule allows; overlay, which shows any folder; and what lies on a
// disk, for the disk may hold devices and setuid programs.
var harmlessMounts = []struct {
	fstype  string
	options Set
}{
	{"tmpfs", Set{}},
	{"ramfs", Set{}},
	{"mqueue", Set{}},
	{"hugetlbfs", Set{}},
	{"fuse", MountOptions.set("nodev", "nosuid")},
}

// mountPlaces are where nobody but the one that mounts looks for its files. A name
// below one of them that has a level of its own is excepted.
var mountPlaces = []string{
	"/mnt/**", "/media/**", "/tmp/*/**", "/var/tmp/*/**", "/srv/*/**", "/run/*/**", "/var/run/*/**", "/var/lib/*/**", "/var/cache/*/**",
	"/dev/shm/", "/dev/mqueue/", "/dev/hugepages/", "/home/*/*/**",
}

// danger of a mount: what it shows has other names than the profile was written
// for. So has what a remount shows, since apparmor_parser before 4 makes of its
// options a rule that also allows a new mount there (CVE-2016-1585).
func (m Mount) danger(p *Place) (level uint8, why string) {
	if m.harmless(p) {
		return 6, "mounts a file system of its own"
	}
	if _, err := p.texts(m.Source); err != nil {
		return 10, err.Error()
	}
	if _, err := p.texts(m.Point); err != nil {
		return 10, err.Error()
	}
	return 9, "mounts: paths no longer mean what the profile says"
}

func (m Mount) harmless(p *Place) bool {
	if _, isNew := m.Needs(); !isNew {
		return false
	}
	return ownPlace(p, m.Point) && slices.ContainsFunc(harmlessMounts, func(h struct {
		fstype  string
		options Set
	}) bool {
		same := h.fstype == m.Fstype || h.fstype == "fuse" && len(m.Fstype) > 5 && m.Fstype[:5] == "fuse."
		return same && h.options.Minus(m.Options) == Set{}
	})
}

// ownPlace reports whether all that the pattern names is below one of the places,
// and to write there is nothing special.
func ownPlace(p *Place, point Pattern) bool {
	texts, err := p.texts(point)
	if err != nil {
		return false
	}
	for _, text := range texts {
		m := Pattern{text}.machine()
		if !slices.ContainsFunc(mountPlaces, func(place string) bool {
			s, _ := newShape(place)
			return m.within(&s)
		}) {
			return false
		}
	}
	level, _ := File{Path: point, Access: Write}.danger(p)
	return level < 6
}

// danger of what an unmounted file system has hidden.
func (u Umount) danger(p *Place) (level uint8, why string) {
	if _, err := p.texts(u.Point); err != nil {
		return 10, err.Error()
	}
	if ownPlace(p, u.Point) {
		return 6, "unmounts"
	}
	return 7, "unmounts: what was hidden there is seen again"
}
