package apparmor

import "github.com/sl-suite/sl/lib/record"

// Mount grants one way to mount, remount, bind, move or change the propagation
// of a mount, with exactly these options.
//
// Only the options that the kernel looks at for the command may stand in a rule
// (security/apparmor/mount.c), see [MountFlags]: of any other one
// apparmor_parser before 4 makes a second rule, which allows a new mount of any
// file system at Point (CVE-2016-1585). A remount with options is the one case
// in which that cannot be helped.
type Mount struct {
	Fstype  string  // of a new mount
	Options Set     // of MountOptions, as MountFlags returns them
	Source  Pattern // of a new mount, a bind or a move; zero for the name "", which a mount that is nowhere yet has
	Point   Pattern // where; the name of a folder ends in "/"
}

// MountOptions are the words for mount flags: those that the kernel logs
// (security/apparmor/mount.c, audit_mnt_flags) and apparmor_parser takes, but for
// nosymfollow the version 3.0 as well.
var MountOptions = vocabulary("mount option",
	"acl", "bind", "dirsync", "iversion", "mand", "move", "noatime", "nodev", "nodiratime", "noexec", "nosuid", "nosymfollow", "nouser",
	"private", "rbind", "relatime", "remount", "ro", "rprivate", "rshared", "rslave", "runbindable", "rw", "shared",
	"silent", "slave", "strictatime", "sync", "unbindable")

// The options that are commands, in the order in which the kernel looks for them
// (security/apparmor/lsm.c, apparmor_sb_mount).
var (
	remount     = MountOptions.set("remount")
	bind        = MountOptions.set("bind", "rbind")
	propagation = MountOptions.set("private", "rprivate", "rshared", "rslave", "runbindable", "shared", "slave", "unbindable")
	move        = MountOptions.set("move")

	readOnly  = MountOptions.set("ro")
	readWrite = MountOptions.set("rw")
	silent    = MountOptions.set("silent")

	laterOptions = MountOptions.set("nosymfollow") // of apparmor_parser 4
)

// MountFlags returns those of the logged options that decide: for a command, the
// ones that belong to it; for a new mount all of them, with "rw" where there is
// no "ro".
func MountFlags(options Set) Set {
	switch {
	case options.Intersects(remount):
		return options.Minus(readWrite)
	case options.Intersects(bind):
		return options.Intersection(bind)
	case options.Intersects(propagation):
		return options.Intersection(propagation.Union(silent))
	case options.Intersects(move):
		return move
	case options.Intersects(readOnly):
		return options.Minus(readWrite)
	}
	return options.Union(readWrite)
}

// Class returns ClassMount.
func (Mount) Class() Class { return ClassMount }

func (m Mount) appendText(dst []byte) []byte {
	dst = append(dst, "mount "...)
	if m.Fstype != "" {
		dst = append(dst, "fstype="...)
		dst = append(dst, m.Fstype...)
		dst = append(dst, ' ')
	}
	dst = append(dst, "options="...)
	dst = MountOptions.appendList(dst, m.Options)
	if source, _ := m.Needs(); source || m.Source != (Pattern{}) {
		dst = append(dst, ' ')
		dst = m.Source.appendName(dst)
	}
	dst = append(dst, " -> "...)
	return m.Point.appendName(dst)
}

func (m Mount) appendAttrs(attrs []record.Attr) []record.Attr {
	if m.Fstype != "" {
		attrs = append(attrs, record.Attr{Name: "fstype", Text: m.Fstype})
	}
	attrs = append(attrs, record.Attr{Name: "options", List: MountOptions.Words(m.Options)})
	attrs = appendPattern(attrs, "source", m.Source)
	return appendPattern(attrs, "path", m.Point)
}

func parseMount(s *scanner) Body {
	var m Mount
	if s.accept("fstype=") {
		m.Fstype = s.word("file system type")
		s.expect(" ")
	}
	s.expect("options=")
	m.Options = s.list(MountOptions)
	empty := s.accept(` ""`)
	if !empty && s.at(` "`) {
		s.expect(" ")
		if s.at(`"@{`) && !s.earlier {
			m.Source = s.path()
		} else {
			m.Source = s.name()
		}
	}
	s.expect(" -> ")
	m.Point = s.path()
	s.checkMount(m, empty)
	return m
}

// Needs reports, from the options, whether the rule has a source, and whether
// it is for a new mount, which has a file system type, too.
func (m Mount) Needs() (source, fstype bool) {
	source = !m.Options.Intersects(remount.Union(propagation))
	return source, source && !m.Options.Intersects(bind.Union(move))
}

// SourceMayBeNone reports whether the source can be the name "": that of a new mount,
// which may be given none, and of one that is moved from nowhere (move_mount(2) after
// fsmount(2) or open_tree(2)).
func (m Mount) SourceMayBeNone() bool {
	source, _ := m.Needs()
	return source && !m.Options.Intersects(bind)
}

// checkMount holds the parts of the rule against its command.
func (s *scanner) checkMount(m Mount, empty bool) {
	source, fstype := m.Needs()
	switch {
	case m.Options != MountFlags(m.Options):
		s.fail("options that do not belong together")
	case (empty || m.Source != Pattern{}) != source:
		s.fail("a new mount, a bind and a move have a source, nothing else has")
	case empty && !m.SourceMayBeNone():
		s.fail("a bind of nothing")
	case (m.Fstype != "") != fstype:
		s.fail("a new mount has a file system type, nothing else has")
	}
}

func (m Mount) target() Body    { return m }
func (m Mount) union(Body) Body { return m }

// Umount grants unmounting what is mounted at Point.
type Umount struct{ Point Pattern }

// Class returns ClassUmount.
func (Umount) Class() Class { return ClassUmount }

func (u Umount) appendText(dst []byte) []byte {
	return u.Point.appendName(append(dst, "umount "...))
}

func (u Umount) appendAttrs(attrs []record.Attr) []record.Attr {
	return appendPattern(attrs, "path", u.Point)
}

func parseUmount(s *scanner) Body { return Umount{s.path()} }

func (u Umount) target() Body    { return u }
func (u Umount) union(Body) Body { return u }

// PivotRoot grants pivot_root(2): NewRoot becomes the root, the old one goes to
// PutOld.
type PivotRoot struct{ PutOld, NewRoot Pattern }

// Class returns ClassPivotRoot.
func (PivotRoot) Class() Class { return ClassPivotRoot }

func (p PivotRoot) appendText(dst []byte) []byte {
	dst = p.PutOld.appendName(append(dst, "pivot_root oldroot="...))
	return p.NewRoot.appendName(append(dst, ' '))
}

func (p PivotRoot) appendAttrs(attrs []record.Attr) []record.Attr {
	return appendPattern(appendPattern(attrs, "oldroot", p.PutOld), "path", p.NewRoot)
}

func parsePivotRoot(s *scanner) Body {
	s.expect("oldroot=")
	p := PivotRoot{PutOld: s.path()}
	s.expect(" ")
	p.NewRoot = s.path()
	return p
}

func (p PivotRoot) target() Body    { return p }
func (p PivotRoot) union(Body) Body { return p }
