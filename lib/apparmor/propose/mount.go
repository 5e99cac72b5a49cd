package propose

import (
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

func (pr *proposal) mount() {
	if !pr.reachable() {
		return
	}
	point, ok := pr.literal(record.FName)
	if !ok {
		return
	}
	switch pr.fields[record.FOperation] {
	case "umount":
		pr.add(apparmor.Umount{Point: point})
	case "pivotroot":
		if putOld, ok := pr.otherPath(record.FSrcname); ok {
			pr.add(apparmor.PivotRoot{PutOld: putOld, NewRoot: point})
		}
	case "mount":
		pr.mountAt(point)
	default:
		pr.unsupported()
	}
}

// mountAt proposes the rule for a mount. The kernel logs no flags where there
// were none. What a command does not look at is left out of its rule.
func (pr *proposal) mountAt(point apparmor.Pattern) {
	words := strings.FieldsFunc(pr.fields[record.FFlags], func(r rune) bool { return r == ',' || r == ' ' })
	logged, ok := pr.words(apparmor.MountOptions, words)
	if !ok {
		return
	}
	rule := apparmor.Mount{Options: apparmor.MountFlags(logged), Point: point}
	source, fstype := rule.Needs()
	if fstype {
		rule.Fstype, ok = pr.get(record.FFstype)
	}
	switch {
	case !ok || !source:
	case pr.fields[record.FSrcname] == "" && rule.SourceMayBeNone():
	case fstype: // the source is a device, or any text
		rule.Source, ok = pr.literal(record.FSrcname)
	default:
		rule.Source, ok = pr.otherPath(record.FSrcname)
	}
	if !ok {
		return
	}
	pr.add(rule)
	if fstype && pr.fields[record.FInfo] == "failed flags match" { // audit_mnt_flags has no word for MS_LAZYTIME
		pr.note("flags", "if the rule does not end the denial, add lazytime to its options", "the kernel names no flag that it has no word for, as lazytime")
	}
}
