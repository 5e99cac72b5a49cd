package propose

import (
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/apparmor/policy"
	"github.com/sl-suite/sl/lib/record"
)

// withVariables returns the rule with variables for what is another name at every
// run or on every machine, and which ones; only those that the policy of the
// profile defines, and only where what they stand for has the name among it.
//
// Names of users and their folders stay, unless the rule is for the owner of the
// file: otherwise the rule would be about the files of everybody. Process 1 stays,
// too: it is always the same one.
func (p *Proposer) withVariables(in *policy.Profile, e *ruleEntry) (apparmor.Rule, []string) {
	r := e.rule
	file, ok := r.Body.(apparmor.File)
	if !ok || p.options.NoVariables {
		return r, nil
	}
	if in == nil && e.signs&ownPid == 0 && !strings.Contains(file.Path.String(), "/#") {
		return r, nil
	}
	path, literal := file.Path.Literal()
	if !literal {
		return r, nil
	}
	var names []string
	begin, rest := apparmor.Pattern{}, path
	if in != nil || e.signs&ownPid != 0 {
		var made string
		if begin, rest, made = variableBeginning(in, path, file.Owner); made != "" {
			names = append(names, made)
		}
	}
	end, made := withoutName(rest)
	if made != "" {
		names = append(names, made)
	}
	if names == nil {
		return r, nil
	}
	file.Path = begin.Join(end)
	generalised := r
	generalised.Body = file
	if generalised.Check() != nil {
		return r, nil
	}
	return generalised, names
}

// variableBeginning returns the pattern for the beginning of the path, what is
// left of the path, and the pattern as the name of what was done; "" where there
// are no variables for it. Without a profile it is for what a process says of itself.
func variableBeginning(in *policy.Profile, path string, owner bool) (begin apparmor.Pattern, rest, made string) {
	usable := shapes
	if in == nil {
		usable = shapes[:1] // of the process
	}
	for _, shape := range usable {
		head, owned := shape(path)
		if head == nil || owned && !owner {
			continue
		}
		if begin, name, made, ok := head.join(in, path); ok {
			return begin, path[len(name):], made
		}
	}
	return apparmor.Pattern{}, path, ""
}

// namelessMade is the name of what withoutName does, in the record of a rule.
const namelessMade = "#*"

// withoutName returns the pattern of the end of a path. A file that was opened
// without a name (O_TMPFILE of open(2)) has the name "#" and its inode number (the
// kernel's fs/dcache.c, d_tmpfile), another one each time.
func withoutName(path string) (end apparmor.Pattern, made string) {
	at := strings.LastIndexByte(path, '/') + 1
	number, ok := strings.CutPrefix(path[at:], "#")
	if nameless := ok && number != "" && strings.Trim(number, "0123456789") == ""; nameless {
		path, made = path[:at+1], namelessMade
	}
	end, err := apparmor.Literal(path)
	if err != nil { // nothing is left of it
		return apparmor.Pattern{}, made
	}
	if made != "" {
		end = end.Join(apparmor.AnyName())
	}
	return end, made
}

// variablePath is the beginning of a path in pieces.
type variablePath []piece

// piece is a part of a name, and the variable that can stand for it.
type piece struct{ text, variable string }

// join returns the pattern of the beginning, the text that it stands for, and
// the pattern as the name of what was done; ok is false when a variable does not
// stand for its text in the profile.
func (v variablePath) join(in *policy.Profile, path string) (pattern apparmor.Pattern, name, made string, ok bool) {
	for _, p := range v {
		var part apparmor.Pattern
		var err error
		if p.variable == "" {
			part, err = apparmor.Literal(p.text)
			made += p.text
		} else {
			part, err = apparmor.Variable(p.variable)
			made += "@{" + p.variable + "}"
		}
		if err != nil {
			return pattern, "", "", false
		}
		pattern = pattern.Join(part)
		name += p.text
	}
	return pattern, name, made, strings.HasPrefix(path, name) && (in == nil || in.Matches(pattern, name))
}

// signs are what an event says beside its rule.
type signs uint8

const (
	ownPid signs = 1 << iota // the number in the path is that of the process itself
	onExec                   // a change of profile was for the next execution, or may have been
)

func (pr *proposal) signs() (s signs) {
	if pr.ofItself() {
		s |= ownPid
	}
	if strings.HasSuffix(pr.fields[record.FOperation], "_onexec") {
		s |= onExec
	}
	return s
}

// ofItself reports whether the name is below the folder of the process itself in /proc.
// That it is another each time is known without a policy.
func (pr *proposal) ofItself() bool {
	rest, proc := strings.CutPrefix(pr.fields[record.FName], "/proc/")
	pid, _, below := strings.Cut(rest, "/")
	return proc && below && pid == pr.fields[record.FPid] && number(pid)
}

// shapes find the beginnings of paths for which there are variables, first those of
// processes; owned is true for what belongs to one user.
var shapes = []func(path string) (head variablePath, owned bool){
	func(path string) (variablePath, bool) { // /proc/PID/, /proc/PID/task/TID/
		rest, ok := strings.CutPrefix(path, "/proc/")
		pid, rest, more := strings.Cut(rest, "/")
		if !ok || !more || !number(pid) || pid == "1" {
			return nil, false
		}
		head := variablePath{{"/proc", "PROC"}, {"/", ""}, {pid, "pid"}, {"/", ""}}
		if rest, ok := strings.CutPrefix(rest, "task/"); ok {
			if tid, _, more := strings.Cut(rest, "/"); more && number(tid) {
				head = append(head, piece{"task/", ""}, piece{tid, "tid"}, piece{"/", ""})
			}
		}
		return head, false
	},
	func(path string) (variablePath, bool) { // /home/USER/
		rest, ok := strings.CutPrefix(path, "/home/")
		user, _, more := strings.Cut(rest, "/")
		if !ok || !more {
			return nil, false
		}
		return variablePath{{"/home/" + user, "HOME"}, {"/", ""}}, true
	},
	func(path string) (variablePath, bool) { // /run/user/UID/
		rest, ok := strings.CutPrefix(path, "/run/user/")
		uid, _, more := strings.Cut(rest, "/")
		if !ok || !more || !number(uid) {
			return nil, false
		}
		return variablePath{{"/run", "run"}, {"/user/", ""}, {uid, "uid"}, {"/", ""}}, true
	},
	func(path string) (variablePath, bool) { // /sys/
		if !strings.HasPrefix(path, "/sys/") {
			return nil, false
		}
		return variablePath{{"/sys", "sys"}, {"/", ""}}, false
	},
	func(path string) (variablePath, bool) { // /usr/lib/ARCH-linux-gnu/
		for _, lib := range []string{"/usr/lib/", "/lib/", "/usr/local/lib/"} {
			rest, ok := strings.CutPrefix(path, lib)
			arch, _, more := strings.Cut(rest, "/")
			if ok && more && strings.Contains(arch, "-linux-gnu") {
				return variablePath{{lib, ""}, {arch, "multiarch"}, {"/", ""}}, false
			}
		}
		return nil, false
	},
}

func number(s string) bool {
	return s != "" && s[0] != '0' && strings.Trim(s, "0123456789") == ""
}
