package propose

import (
	"fmt"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

const onceNote = "once"

// onceMade is the name of what once does, in the record of a rule.
const onceMade = "once"

// once finds the rules for names of one run, which match nothing at the next: those
// with the number of a process, with random letters, with a hash. With globs it puts
// the pattern of such names in their place, unless that would be more dangerous; else
// it notes the pattern.
func (r *profileResult) once() {
	options := &r.proposer.options
	changed := false
	for i := range r.rules {
		f, ok := r.rules[i].rule.Body.(apparmor.File)
		if !ok || options.NoVariables {
			continue
		}
		pattern, ok := ofOneRun(f.Path.String())
		if !ok {
			continue
		}
		e := r.rules[i].ruleEntry
		if wide, ok := widenPath(e.rule, f, pattern); ok && options.Glob > 0 && !options.Exact && f.Exec == apparmor.NoExec && f.Access&apparmor.Mmap == 0 {
			r.rules[i] = proposed{apparmor.KeyOf(wide, wide.Text()), &ruleEntry{wide, mergeMade(e.made, []string{onceMade}), e.evidence, e.signs}}
			changed = true
			continue
		}
		r.note(noteKey{
			kind: onceNote, lang: record.AppArmor, profile: r.name,
			text: fmt.Sprintf("names like %q are others at every run: a rule for one of them never matches again", pattern),
			hint: "write the rule with that pattern, where it is not too wide; --glob does so",
		}).take(&e.evidence)
	}
	if changed {
		r.unite()
	}
}

// widenPath returns the rule with the pattern as its path; ok is false where it would be
// more dangerous.
func widenPath(r apparmor.Rule, f apparmor.File, pattern string) (wide apparmor.Rule, ok bool) {
	narrow := r.Text()
	wide, err := apparmor.Parse(strings.Replace(narrow, `"`+f.Path.String()+`"`, `"`+pattern+`"`, 1))
	if err != nil {
		return r, false
	}
	before, _ := apparmor.Danger(r)
	after, _ := apparmor.Danger(wide)
	return wide, after <= before && after < secretDanger
}

// ofOneRun returns the pattern of the names that are like the path, which is as a rule
// has it; ok is false for a name that stays.
func ofOneRun(path string) (pattern string, ok bool) {
	if strings.ContainsAny(path, `\*?`) {
		return "", false
	}
	if rest, proc := strings.CutPrefix(path, "/proc/"); proc {
		pid, below, more := strings.Cut(rest, "/")
		if more && number(pid) && pid != "1" {
			return "@{PROC}/@{pid}/" + below, true
		}
		return "", false
	}
	var b []byte // what stands before from, once there was a glob
	from := 0
	for i := 0; i < len(path); {
		if path[i] == '@' && strings.HasPrefix(path[i:], "@{") {
			i += strings.IndexByte(path[i:], '}') + 1
			continue
		}
		j := i
		for j < len(path) && alphanumeric(path[j]) {
			j++
		}
		glob := ""
		switch n := j - i; {
		case n == 0:
			j++
		case n == 8 && isUUID(path[i:]):
			j, glob = i+36, "*"
		case n == 6, n >= 12, path[i] <= '9':
			glob = globOf(path, i, j)
		}
		if glob != "" {
			b = append(append(b, path[from:i]...), glob...)
			from = j
		}
		i = j
	}
	if b == nil {
		return "", false
	}
	return string(append(b, path[from:]...)), true
}

// globOf returns the glob for the letters and digits from i to j of the path; "" for
// what stays.
func globOf(path string, i, j int) string {
	run, before := path[i:j], path[:i]
	ends := j == len(path) || path[j] == '/'
	name := before[strings.LastIndexByte(before, '/')+1:]
	switch {
	case ends && strings.HasPrefix(name+run, ".#") && len(run) >= 16 && hexadecimal(run[len(run)-16:]): // systemd's tempfn_random
		return run[:len(run)-16] + "*"
	case decimal(run):
		if revision(before) && ends && name == "" || len(run) >= 3 && run[0] != '0' && numbered(before) {
			return "*"
		}
	case len(run) >= 12 && hexadecimal(run) && strings.ContainsAny(run, "0123456789") && strings.ContainsAny(run, "abcdef"):
		return "*"
	case len(run) == 6 && name != "" && strings.IndexByte(".-_", name[len(name)-1]) >= 0 && (ends || path[j] == '.') && random(run): // mkstemp(3)
		return "??????"
	}
	return ""
}

// revision reports whether the path ends in the folder of a snap.
func revision(before string) bool {
	parts := strings.Split(strings.TrimSuffix(before, "/"), "/")
	return len(parts) >= 3 && parts[len(parts)-2] == "snap"
}

// volatile are the folders in which numbers are those of processes and users.
var volatile = []string{"/run/", "@{run}/", "/tmp/", "/var/tmp/", "/dev/shm/", "/sys/fs/cgroup/", "@{sys}/fs/cgroup/"}

// numbered reports whether a number behind the beginning of a path is of one run. The
// user to whom a folder in /run/user belongs stays.
func numbered(before string) bool {
	if before == "/run/user/" || before == "@{run}/user/" {
		return false
	}
	for _, folder := range volatile {
		if strings.HasPrefix(before, folder) {
			return true
		}
	}
	return false
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

func hexadecimal(s string) bool { return strings.Trim(s, "0123456789abcdef") == "" }

// isUUID reports whether a UUID is next.
func isUUID(s string) bool {
	if len(s) < 36 || len(s) > 36 && alphanumeric(s[36]) {
		return false
	}
	for i := range 36 {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (s[i] == '-') || !dash && !hexadecimal(s[i:i+1]) {
			return false
		}
	}
	return true
}

// random reports whether letters and digits are mixed as in no word: a letter behind a
// digit, or a capital that is not the first.
func random(s string) bool {
	digit, lower, capital, behind := false, false, false, false
	for i := range len(s) {
		switch c := s[i]; {
		case c <= '9':
			digit = true
		case c >= 'a':
			lower = true
			behind = behind || digit
		default:
			capital = capital || i > 0
			behind = behind || digit
		}
	}
	return behind || capital && lower
}
