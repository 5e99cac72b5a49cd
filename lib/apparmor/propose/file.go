package propose

import (
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

// file proposes rules for class file, which also has the changes of profile.
func (pr *proposal) file() {
	switch pr.fields[record.FOperation] {
	case "change_profile", "change_onexec", "stack", "stack_onexec":
		pr.changeProfile()
		return
	case "change_hat":
		pr.changeHat()
		return
	case "setprocattr":
		pr.unsupported()
		return
	}
	masks, ok := pr.mask()
	if !ok || !pr.reachable() {
		return
	}
	path, ok := pr.pattern(pr.path())
	if !ok {
		return
	}
	subset := pr.fields[record.FOperation] == "link"
	if subset && slices.ContainsFunc(masks, func(m mask) bool { return m.access != 0 || m.exec }) {
		// Other letters than l are what the new name allows and the target does not
		// (security/apparmor/file.c, profile_path_link).
		target, ok := pr.otherPath(record.FTarget)
		if !ok {
			return
		}
		pr.accesses(masks, target, pr.fields[record.FTarget])
	} else {
		pr.accesses(masks, path, pr.fields[record.FName])
	}
	for _, m := range masks {
		if m.link {
			pr.link(m.owner, path)
		}
	}
}

// accesses proposes the rules for a file, whose name is as the log has it.
func (pr *proposal) accesses(masks []mask, path apparmor.Pattern, name string) {
	for _, m := range masks {
		if m.access != 0 {
			pr.add(apparmor.File{Owner: m.owner, Path: path, Access: m.access})
		}
		if m.exec {
			pr.exec(m.owner, path, name)
		}
	}
}

// path returns the name; that of a folder ends in "/", which old kernels left
// out.
func (pr *proposal) path() string {
	name := pr.fields[record.FName]
	switch pr.fields[record.FOperation] {
	case "mkdir", "rmdir":
		return strings.TrimSuffix(name, "/") + "/"
	}
	return name
}

// reachable reports whether the name is one that a rule can be about, and notes
// what is in the way.
func (pr *proposal) reachable() bool {
	f := pr.fields
	name, info := f[record.FName], f[record.FInfo]
	switch {
	case name == "apparmor/.null", name == "/apparmor/.null":
		// The kernel does not say which file it was (security/apparmor/file.c, match_file).
		pr.note("inherited", "look for the denial of file_inherit before: a rule for its file ends both", "%q stands in the place of a file that was denied when the program started", name)
	case strings.Contains(info, "disconnected"), name != "" && name[0] != '/':
		pr.note("disconnected", "add flags=(attach_disconnected) to the profile, if it is to reach such files", "%q is reachable for the process by no path", name)
	case strings.Contains(info, "deleted"), strings.HasSuffix(name, deletedSuffix):
		pr.deleted(name)
	case name == "" && info != "":
		pr.note("name", "make the path shorter, or raise path_max in /sys/module/apparmor/parameters", "%s of a file whose name the kernel could not find: %q", f[record.FOperation], info)
	default:
		_, ok := pr.get(record.FName)
		return ok
	}
	return false
}

// deletedSuffix is what the kernel puts behind the name of a file that has none
// any more (fs/d_path.c).
const deletedSuffix = " (deleted)"

func (pr *proposal) deleted(name string) {
	pr.note("deleted", "add flags=(mediate_deleted) to the profile, if it is to go on using such files", "%q was deleted while it was in use", name)
}

// otherPath is literal for a second path, which has to be reachable as well.
func (pr *proposal) otherPath(field record.Field) (pattern apparmor.Pattern, ok bool) {
	if name := pr.fields[field]; strings.HasSuffix(name, deletedSuffix) {
		pr.deleted(name)
		return pattern, false
	}
	return pr.literal(field)
}

// link proposes the rule for a hard link; it needs both names.
func (pr *proposal) link(owner bool, name apparmor.Pattern) {
	// "target restricted" says that the name may be a link, but not to this target.
	if info := pr.fields[record.FInfo]; info != "" && info != "target restricted" {
		pr.note("unsupported", "what the new name allows, the old has to allow as well: see apparmor.d(5), \"Link rules\"", "link %q: %q", pr.fields[record.FName], info)
		return
	}
	if target, ok := pr.otherPath(record.FTarget); ok {
		pr.add(apparmor.Link{Owner: owner, Name: name, Target: target})
	}
}

// mask is what was denied to one class of processes.
type mask struct {
	owner      bool
	access     apparmor.FileAccess
	exec, link bool
}

// mask reads the mask that was denied. Before Linux 2.6.36 it has two halves,
// "user::other", for the owner of the file and for everybody else; since then
// it is the uids that tell. A half in which nothing was denied is left out.
func (pr *proposal) mask() (masks []mask, ok bool) {
	text := pr.fields[record.FDenied]
	if text == "" {
		if text, ok = pr.get(record.FDeniedMask); !ok {
			return nil, false
		}
	}
	if user, other, split := strings.Cut(text, "::"); split {
		for _, half := range []struct {
			owner   bool
			letters string
		}{{true, user}, {false, other}} {
			if half.letters == "" {
				continue
			}
			m, ok := pr.letters(half.letters)
			if !ok {
				return nil, false
			}
			m.owner = half.owner
			masks = append(masks, m)
		}
		return masks, len(masks) > 0
	}
	m, ok := pr.letters(text)
	fsuid, ouid := pr.fields[record.FFsuid], pr.fields[record.FOuid]
	m.owner = fsuid != "" && fsuid == ouid
	return []mask{m}, ok
}

// letters reads the letters of security/apparmor/lib.c, aa_file_perm_chrs.
// Creating, deleting and changing mode or owner is writing.
func (pr *proposal) letters(text string) (m mask, ok bool) {
	for i := range len(text) {
		switch text[i] {
		case 'r':
			m.access |= apparmor.Read
		case 'w', 'c', 'd':
			m.access |= apparmor.Write
		case 'a':
			m.access |= apparmor.Append
		case 'k':
			m.access |= apparmor.Lock
		case 'm':
			m.access |= apparmor.Mmap
		case 'l':
			m.link = true
		case 'x':
			m.exec = true
		default:
			pr.note("unsupported", byHand, "%s: unknown mask %q", pr.fields[record.FOperation], text)
			return m, false
		}
	}
	m.access = m.access.Union(0)
	return m, text != ""
}
