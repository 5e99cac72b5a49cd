package cmd_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// filterRules are those of testdata/where/filtered.go.
type filterRules struct {
	Default              uint32
	Allow, Deny, Unknown []uint32
	Pretend              []uint32
	Above                uint32
	Threads              bool
	Keep                 *uint64
	User                 uint32
}

// underFilter returns a place whose programs are started under a filter.
func underFilter(t *testing.T, r filterRules) *place {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can load a filter and keep its rights")
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	p := newPlaceWith(t, nil)
	p.start = []string{bin + "/filtered", string(text)}
	if r.User != 0 {
		p.ordinary()
	}
	return p
}

// numbers are those of system calls that x/sys knows.
func numbers(t *testing.T, names []string) []uint32 {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/sys").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "unix", "zsysnum_linux_"+runtime.GOARCH+".go"))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]uint32{}
	for _, m := range regexp.MustCompile(`SYS_(\w+)\s+= (\d+)`).FindAllStringSubmatch(string(text), -1) {
		n, _ := strconv.ParseUint(m[2], 10, 32)
		known[strings.ToLower(m[1])] = uint32(n)
	}
	var all []uint32
	for _, name := range names {
		if n, ok := known[name]; ok { // those of other architectures are not there
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		t.Fatal("no calls")
	}
	return all
}

// dockers is Docker's default profile, by what it leaves out: moby, profiles/seccomp.
func dockers(t *testing.T, admin bool) filterRules {
	t.Helper()
	denied := `acct add_key bpf clock_settime delete_module fanotify_init finit_module get_mempolicy init_module
		io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load keyctl lookup_dcookie
		mbind migrate_pages move_pages nfsservctl open_by_handle_at perf_event_open pidfd_getfd pivot_root
		process_madvise quotactl reboot request_key set_mempolicy settimeofday swapoff swapon syslog uselib userfaultfd ustat vhangup`
	keep := uint64(1<<unix.CAP_CHOWN | 1<<unix.CAP_DAC_OVERRIDE | 1<<unix.CAP_FOWNER | 1<<unix.CAP_FSETID | 1<<unix.CAP_KILL |
		1<<unix.CAP_SETGID | 1<<unix.CAP_SETUID | 1<<unix.CAP_SETPCAP | 1<<unix.CAP_NET_BIND_SERVICE | 1<<unix.CAP_NET_RAW |
		1<<unix.CAP_SYS_CHROOT | 1<<unix.CAP_MKNOD | 1<<unix.CAP_AUDIT_WRITE | 1<<unix.CAP_SETFCAP)
	r := filterRules{Default: unix.SECCOMP_RET_ALLOW, Above: unix.SYS_FUTEX_WAITV + 1, Keep: &keep}
	if admin {
		keep |= 1 << unix.CAP_SYS_ADMIN
	} else {
		denied += ` fsconfig fsmount fsopen fspick mount mount_setattr move_mount open_tree setdomainname sethostname setns umount2 unshare`
		r.Threads, r.Unknown = true, numbers(t, []string{"clone3"})
	}
	r.Deny = numbers(t, strings.Fields(denied))
	return r
}

// In a container of Docker root has no CAP_SYS_ADMIN, and nobody has unshare(2).
func TestWhereDocker(t *testing.T) {
	p := underFilter(t, dockers(t, false))
	p.reports(noSpaces, noRoot, noCaps)
	p.works()
	out, err := p.command(p.bin+"/sl-parse", "--sandbox=report").CombinedOutput()
	if err != nil || !strings.Contains(string(out), otherUser) {
		t.Errorf("%v: %s", err, out)
	}
	r := dockers(t, false)
	r.User = 65534
	p = underFilter(t, r)
	p.reports(noSpaces, noRoot, otherUser, noCaps)
	p.works()
}

// With --cap-add=SYS_ADMIN there are namespaces, but no pivot_root(2).
func TestWhereDockerAddsCapability(t *testing.T) {
	p := underFilter(t, dockers(t, true))
	p.reports(spaces, noCaps)
	p.works()
}

// serviceCalls are those of a unit with SystemCallFilter=@system-service, and more.
func serviceCalls(t *testing.T, more ...string) []uint32 {
	t.Helper()
	out, err := exec.Command("systemd-analyze", "syscall-filter").Output()
	if err != nil {
		t.Skip("no systemd that knows its groups: ", err)
	}
	groups, name := map[string][]string{}, ""
	for line := range strings.Lines(string(out)) {
		word := strings.TrimSpace(line)
		switch {
		case word == "" || word[0] == '#':
		case line[0] == '@':
			name = word
		default:
			groups[name] = append(groups[name], word)
		}
	}
	var add func(name string)
	add = func(name string) {
		for _, word := range groups[name] {
			if word[0] == '@' {
				add(word)
			} else {
				more = append(more, word)
			}
		}
	}
	add("@default")
	add("@system-service")
	return numbers(t, more)
}

const unitLine = "SystemCallFilter=@system-service seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self"

// A unit's filter that has the line of the page lets all work: what it kills at beyond
// that is left out.
func TestWhereServiceFilter(t *testing.T) {
	allow := serviceCalls(t, strings.Fields(unitLine)[1:]...)
	for _, action := range []uint32{unix.SECCOMP_RET_KILL_PROCESS, unix.SECCOMP_RET_KILL_THREAD, unix.SECCOMP_RET_TRAP, unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)} {
		for _, user := range []uint32{0, 65534} {
			p := underFilter(t, filterRules{Default: action, User: user, Allow: allow})
			p.reports(noSpaces, noRoot, noCaps)
			p.works()
		}
	}
}

// The bare group is not enough, and the message has the line that is.
func TestWhereBareServiceFilter(t *testing.T) {
	bare := serviceCalls(t)
	for _, user := range []uint32{0, 65534} {
		for _, action := range []uint32{unix.SECCOMP_RET_KILL_PROCESS, unix.SECCOMP_RET_KILL_THREAD, unix.SECCOMP_RET_TRAP} {
			underFilter(t, filterRules{Default: action, User: user, Allow: bare}).
				fails("seccomp, landlock_create_ruleset, landlock_add_rule, landlock_restrict_self", "SIGSYS, signal 31", unitLine)
		}
		underFilter(t, filterRules{Default: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM), User: user, Allow: bare}).
			fails("seccomp, landlock_create_ruleset, landlock_add_rule, landlock_restrict_self: operation not permitted", unitLine)
	}
}

// Each call that a filter does not allow is named, whichever it is.
func TestWhereOneCallIsFiltered(t *testing.T) {
	names := strings.Fields("seccomp landlock_create_ruleset landlock_restrict_self capset close_range execveat memfd_create prlimit64 setresuid umask dup3")
	for i, n := range numbers(t, names) {
		for _, user := range []uint32{0, 65534} {
			if names[i] == "setresuid" && user != 0 {
				continue // by which the test becomes that user
			}
			underFilter(t, filterRules{Default: unix.SECCOMP_RET_ALLOW, Deny: []uint32{n}, User: user}).
				fails(names[i]+": operation not permitted", "hint: ")
		}
	}
}

// Opening a folder and copying its policy take calls as well: a filter that ends the
// program there is named, too, before anything is opened.
func TestWhereFilterIsAskedBeforeAnythingIsOpened(t *testing.T) {
	names := strings.Fields("capset memfd_create epoll_create1 eventfd2 setresuid setgroups")
	all := serviceCalls(t, strings.Fields(unitLine)[1:]...)
	for i, n := range numbers(t, names) {
		allow := slices.DeleteFunc(slices.Clone(all), func(c uint32) bool { return c == n })
		p := underFilter(t, filterRules{Default: unix.SECCOMP_RET_KILL_PROCESS, Allow: allow})
		writeFile(t, p.dir+"/usr.sbin.foo", "profile foo /usr/sbin/foo {\n  include <local/usr.sbin.foo>\n}\n")
		for _, words := range [][]string{{"sl-write"}, {"sl-write", "--no-check"}, {"sl-write", "-n"}} {
			cmd := p.command(append(append([]string{p.bin + "/" + words[0]}, words[1:]...), p.dir+"/local")...)
			out, _ := cmd.CombinedOutput()
			if status := cmd.ProcessState.ExitCode(); status != 3 || !strings.Contains(string(out), names[i]) || !strings.Contains(string(out), "SIGSYS, signal 31") {
				t.Errorf("%s: %v: %v\n%s", names[i], words, cmd.ProcessState, out)
			}
		}
	}
}

// A filter that only pretends to make a call has nothing in force.
func TestWhereFilterPretends(t *testing.T) {
	for _, name := range strings.Fields("seccomp landlock_add_rule landlock_restrict_self capset prctl setresuid") {
		for _, user := range []uint32{0, 65534} {
			p := underFilter(t, filterRules{Default: unix.SECCOMP_RET_ALLOW, Pretend: numbers(t, []string{name}), User: user})
			if name == "setresuid" && user != 0 {
				continue // it has one id only, and none to give up
			}
			for _, words := range all {
				out, _ := p.report(words)
				if name == "setresuid" && words[0] == "sl-write" {
					continue // which stays root
				}
				if !strings.Contains(out, words[0]+": sandbox: ") {
					t.Errorf("%s: %v: %s", name, words, out)
				}
			}
		}
	}
}
