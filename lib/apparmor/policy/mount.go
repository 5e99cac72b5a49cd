package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
)

// noFlags are the mount options that say the absence of another (parser/mount.cc).
var noFlags = []string{"suid", "dev", "exec", "async", "nomand", "atime", "diratime", "nobind", "noacl", "noiversion", "norelatime", "nostrictatime", "loud", "verbose", "symfollow", "nolazytime", "nouser"}

// unloggedFlags are options for which no rule can be asked about here: the kernel
// never prints lazytime (security/apparmor/mount.c, audit_mnt_flags).
var unloggedFlags = []string{"user", "lazytime"}

var shortOptions = map[string]string{"r": "ro", "read-only": "ro", "w": "rw", "B": "bind", "M": "move", "R": "rbind", "rm": "remount"}

// mountOptions are the options of one condition.
type mountOptions struct {
	in       bool
	set      apparmor.Set
	unlogged bool // one of unloggedFlags is among them
}

func mountRule(b *body, s *scope) (matcher, error) { return mountRuleWith(apparmor.Set{}, b, s) }

func remountRule(b *body, s *scope) (matcher, error) { return mountRuleWith(remountOption, b, s) }

// mountRuleWith reads a rule whose keyword is an option as well, which stands beside
// all others. apparmor_parser 3 takes "in" for "=" there.
func mountRuleWith(keyword apparmor.Set, b *body, s *scope) (matcher, error) {
	var conditions []mountOptions
	for _, c := range b.conditions {
		if c.name != "options" && c.name != "option" {
			continue
		}
		o := mountOptions{in: c.in && keyword == (apparmor.Set{}), set: keyword}
		for _, w := range c.values {
			w = strings.TrimPrefix(w, "make-")
			switch long := shortOptions[w]; {
			case slices.Contains(noFlags, w):
				continue
			case slices.Contains(unloggedFlags, w):
				o.unlogged = true
				continue
			case long != "":
				w = long
			}
			one, err := apparmor.MountOptions.Parse(w)
			if err != nil {
				return nil, err
			}
			o.set = o.set.Union(one)
		}
		conditions = append(conditions, o)
	}
	if len(conditions) == 0 && keyword != (apparmor.Set{}) {
		conditions = []mountOptions{{set: keyword}}
	}
	fstype, err := b.names(s, "fstype", false)
	if err != nil {
		return nil, err
	}
	if fstype.any {
		if fstype, err = b.names(s, "vfstype", false); err != nil {
			return nil, err
		}
	}
	source, point := anything, anything
	switch {
	case len(b.operands) > 1 || len(b.arrow) > 1:
		return nil, fmt.Errorf("more than a source and a mount point")
	case len(b.operands) == 1:
		if source, err = s.names(b.operands, true); err != nil {
			return nil, err
		}
	}
	if len(b.arrow) == 1 {
		if point, err = s.names(b.arrow, true); err != nil {
			return nil, err
		}
	}
	b.operands, b.arrow = nil, nil
	return func(q apparmor.Body) bool {
		m := q.(apparmor.Mount)
		from, to := source, point
		if needs, _ := m.Needs(); !needs && to.any {
			from, to = anything, source // remount and propagation: the one name is the mount point
		}
		device := s.encoded(m.Source)
		if m.Source == (apparmor.Pattern{}) && m.SourceMayBeNone() {
			device = []string{""}
		}
		return allOptions(conditions, m.Options) && fstype.match([]string{encode(m.Fstype)}) &&
			(from.any || from.match(device)) && (to.any || to.match(s.encoded(m.Point)))
	}, b.only("options", "option", "fstype", "vfstype")
}

// allOptions reports whether one of the conditions takes the options; "=" takes
// these and no others, "in" any of them, or none (parser/mount.cc,
// build_mnt_flags).
func allOptions(conditions []mountOptions, options apparmor.Set) bool {
	for _, c := range conditions {
		flags := options.Minus(readWrite)
		if c.in && flags.Minus(c.set) == (apparmor.Set{}) || !c.in && !c.unlogged && apparmor.MountFlags(c.set) == options {
			return true
		}
	}
	return len(conditions) == 0
}

var remountOption, _ = apparmor.MountOptions.Parse("remount")

// readWrite stands for the absence of "ro".
var readWrite, _ = apparmor.MountOptions.Parse("rw")

func umountRule(b *body, s *scope) (matcher, error) {
	point := anything
	if len(b.operands) > 0 {
		var err error
		if point, err = s.names(b.operands, true); err != nil {
			return nil, err
		}
	}
	b.operands = nil
	// The kernel asks for the mount point alone, whatever conditions there are
	// (security/apparmor/mount.c, profile_umount).
	return func(q apparmor.Body) bool {
		u := q.(apparmor.Umount)
		return point.any || point.match(s.encoded(u.Point))
	}, b.only("options", "option", "fstype", "vfstype")
}

func pivotRootRule(b *body, s *scope) (matcher, error) {
	oldroot, err := b.names(s, "oldroot", true)
	if err != nil {
		return nil, err
	}
	root := anything
	if len(b.operands) > 0 {
		if root, err = s.names(b.operands, true); err != nil {
			return nil, err
		}
	}
	b.operands, b.arrow = nil, nil
	return func(q apparmor.Body) bool {
		p := q.(apparmor.PivotRoot)
		return (oldroot.any || oldroot.match(s.encoded(p.PutOld))) && (root.any || root.match(s.encoded(p.NewRoot)))
	}, b.only("oldroot")
}
