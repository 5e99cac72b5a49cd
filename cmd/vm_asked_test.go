package cmd_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/apparmor"
)

// question is whether a profile allows what a rule would.
type question struct {
	profile string
	rule    apparmor.Rule
}

// asker collects what has to be allowed for one act.
type asker struct {
	*testing.T
	profile   string
	owner     bool // of the files is who does the act
	verb      string
	args      []string
	questions []question
}

// asked returns what has to be allowed for an act under the profile, and by whom:
// for one that is done to another process, by the profile of that as well.
func asked(t *testing.T, profile string, words []string) []question {
	t.Helper()
	uid := map[string]string{"as": "0", "of": "0"}
	for uid[words[0]] != "" {
		uid[words[0]], words = words[1], words[2:]
	}
	a := asker{T: t, profile: profile, owner: uid["as"] == uid["of"], verb: words[0]}
	for _, w := range words[1:] {
		w, err := url.PathUnescape(w)
		if err != nil {
			t.Fatal(err)
		}
		a.args = append(a.args, w)
	}
	a.file()
	a.socket()
	a.process()
	a.mount()
	if len(a.questions) == 0 {
		t.Fatalf("%q: no rule for such an act", words)
	}
	return a.questions
}

// add asks the profile.
func (a *asker) add(body apparmor.Body) { a.addTo(a.profile, body) }

func (a *asker) addTo(profile string, body apparmor.Body) {
	a.Helper()
	rule := apparmor.Rule{Body: body}
	if err := rule.Check(); err != nil {
		a.Fatalf("%s %q: %v", a.verb, a.args, err)
	}
	a.questions = append(a.questions, question{profile, rule})
}

func (a *asker) name(s string) apparmor.Pattern {
	a.Helper()
	p, err := apparmor.Literal(s)
	if err != nil {
		a.Fatal(err)
	}
	return p
}

func (a *asker) set(v *apparmor.Vocabulary, words ...string) apparmor.Set {
	a.Helper()
	s, err := v.Parse(words...)
	if err != nil {
		a.Fatal(err)
	}
	return s
}

// fileAccesses are what the acts need of the files that they name, in that order.
var fileAccesses = map[string][]apparmor.FileAccess{
	"read": {apparmor.Read}, "list": {apparmor.Read}, "rdwr": {apparmor.Read | apparmor.Write}, "append": {apparmor.Append},
	"write": {apparmor.Write}, "empty": {apparmor.Write}, "create": {apparmor.Write}, "truncate": {apparmor.Write},
	"mkdir": {apparmor.Write}, "rmdir": {apparmor.Write}, "unlink": {apparmor.Write}, "symlink": {apparmor.Write},
	"fifo": {apparmor.Write}, "device": {apparmor.Write}, "chmod": {apparmor.Write}, "chown": {apparmor.Write},
	"rename": {apparmor.Read | apparmor.Write, apparmor.Write}, "replace": {apparmor.Read | apparmor.Write, apparmor.Write},
	"exchange": {apparmor.Read | apparmor.Write, apparmor.Read | apparmor.Write},
	"lock":     {apparmor.Read | apparmor.Lock}, "lockout": {apparmor.Read | apparmor.Write | apparmor.Lock},
	"map": {apparmor.Read | apparmor.Mmap}, "protect": {apparmor.Read | apparmor.Mmap},
}

func (a *asker) file() {
	a.Helper()
	for i, access := range fileAccesses[a.verb] {
		a.add(apparmor.File{Owner: a.owner, Path: a.name(a.args[i]), Access: access})
	}
	switch a.verb {
	case "device":
		a.add(apparmor.Capability{Name: "mknod"})
	case "exec":
		a.add(apparmor.File{Owner: a.owner, Path: a.name(a.args[0]), Exec: apparmor.IX})
	case "link":
		a.add(apparmor.Link{Owner: a.owner, Name: a.name(a.args[0]), Target: a.name(a.args[1])})
	}
}

func (a *asker) socket() {
	a.Helper()
	family, kind := "inet", ""
	switch a.verb {
	case "socket":
		family, kind = a.args[0], a.args[1]
	case "pair":
		family, kind = "unix", a.args[0]
	case "connect":
		kind = "stream"
	case "send":
		kind = "dgram"
	default:
		return
	}
	if a.args[0][0] == '[' {
		family = "inet6"
	}
	if family == "unix" {
		a.add(apparmor.Unix{Type: kind, Access: a.set(apparmor.SocketAccesses, "create")})
		return
	}
	a.add(apparmor.Network{Family: family, Type: kind})
}

// passive are the accesses that the profile of the other process has to allow.
var passive = map[string]string{"trace": "tracedby", "read": "readby"}

func (a *asker) process() {
	a.Helper()
	switch a.verb {
	case "cap":
		a.add(apparmor.Capability{Name: a.args[0]})
	case "kill":
		peer := strings.TrimPrefix(a.args[0], "peer:")
		signal := apparmor.Signal{Access: "send", Signals: a.set(apparmor.Signals, a.args[1]), Peer: a.name(peer)}
		a.add(signal)
		if signal.Access, signal.Peer = "receive", a.name(a.profile); peer != "unconfined" {
			a.addTo(peer, signal)
		}
	case "receive":
		a.add(apparmor.Signal{Access: "receive", Signals: a.set(apparmor.Signals, a.args[0]), Peer: a.name("unconfined")})
	case "trace", "inspect":
		peer, access := strings.TrimPrefix(a.args[0], "peer:"), "trace"
		if a.verb == "inspect" {
			access = "read"
		}
		a.add(apparmor.Ptrace{Access: a.set(apparmor.PtraceAccesses, access), Peer: a.name(peer)})
		if peer != "unconfined" {
			a.addTo(peer, apparmor.Ptrace{Access: a.set(apparmor.PtraceAccesses, passive[access]), Peer: a.name(a.profile)})
		}
	case "change", "onexec":
		a.add(apparmor.ChangeProfile{Profile: a.name(a.args[0])})
	case "limit":
		value, err := strconv.ParseUint(a.args[1], 10, 64)
		if err != nil {
			a.Fatal(err)
		}
		a.add(apparmor.Rlimit{Resource: a.args[0], Value: value})
	}
}

func (a *asker) mount() {
	a.Helper()
	m := apparmor.Mount{}
	options := a.verb
	switch a.verb {
	case "mount":
		m.Fstype, options = a.args[0], a.args[1]
		m.Source = a.name(a.args[2])
	case "remount", "propagate":
		options = a.args[0]
	case "bind", "rbind", "move":
		m.Source = a.name(a.args[0])
	case "umount":
		a.add(apparmor.Umount{Point: a.name(a.args[0])})
		return
	case "pivot":
		a.add(apparmor.PivotRoot{PutOld: a.name(a.args[0]), NewRoot: a.name(a.args[1])})
		return
	default:
		return
	}
	m.Options = apparmor.MountFlags(a.set(apparmor.MountOptions, strings.Split(options, ",")...))
	m.Point = a.name(a.args[len(a.args)-1])
	a.add(m)
}
