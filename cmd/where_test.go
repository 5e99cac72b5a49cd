package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A place is an environment in which the programs have to work: what starts them there.
type place struct {
	*testing.T
	start []string // words before the program's
	attr  *syscall.SysProcAttr
	root  string // the folder that is "/" there, "" where it is the same
	dir   string // a folder that the programs can write in there
	bin   string // where the programs are there
}

// newPlace makes one whose programs are started by words; it is skipped where a command
// started so fails.
func newPlace(t *testing.T, start ...string) *place {
	t.Helper()
	return newPlaceWith(t, nil, start...)
}

func newPlaceWith(t *testing.T, attr *syscall.SysProcAttr, start ...string) *place {
	t.Helper()
	lookAtSources(t)
	p := &place{T: t, start: start, attr: attr, dir: t.TempDir(), bin: bin}
	os.Chmod(filepath.Dir(p.dir), 0o755)
	if err := os.Mkdir(filepath.Join(p.dir, "local"), 0o755); err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile("../testdata/logs/audit.log")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "audit.log"), log, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := p.command("true").CombinedOutput(); err != nil {
		t.Skipf("%v: %v, %s", start, err, out)
	}
	return p
}

// ordinary gives the folder to the user nobody, who then is who starts the programs.
func (p *place) ordinary() *place {
	for _, name := range []string{"", "local", "audit.log"} {
		if err := os.Chown(filepath.Join(p.dir, name), 65534, 65534); err != nil {
			p.Skip("only root can be another user: ", err)
		}
	}
	return p
}

func (p *place) command(words ...string) *exec.Cmd {
	all := append(p.start[:len(p.start):len(p.start)], words...)
	cmd := exec.Command(all[0], all[1:]...)
	cmd.SysProcAttr = p.attr
	return cmd
}

// all are the five programs with what each must be given.
var all = [][]string{{"sl-read"}, {"sl-parse"}, {"sl-apparmor"}, {"sl-iptables", "--allow"}, {"sl-write", "--no-check"}}

// report has one of all report its layers.
func (p *place) report(words []string) (out string, status int) {
	p.Helper()
	words = append([]string{p.bin + "/" + words[0], "--sandbox=report"}, words[1:]...)
	if strings.HasSuffix(words[0], "/sl-write") {
		words = append(words, p.dir+"/local")
	}
	cmd := p.command(words...)
	text, _ := cmd.CombinedOutput()
	return string(text), cmd.ProcessState.ExitCode()
}

// reports has every program report its layers, and each of these must be in the report.
func (p *place) reports(want ...string) {
	p.Helper()
	for _, words := range all {
		out, status := p.report(words)
		if status != 0 {
			p.Errorf("%v: status %d\n%s", words, status, out)
			continue
		}
		for _, w := range want {
			if !strings.Contains("\n"+string(out), "\n"+w) {
				p.Errorf("%v: no %q in\n%s", words, w, out)
			}
		}
	}
}

// works has the whole chain write a rule.
func (p *place) works() {
	p.Helper()
	var stages []string
	for _, words := range all {
		stage := ""
		for _, word := range p.start {
			stage += fmt.Sprintf("'%s' ", word)
		}
		stage += p.bin + "/" + strings.Join(words, " ")
		switch words[0] {
		case "sl-read":
			stage += " " + p.dir + "/audit.log"
		case "sl-write":
			stage += " --trust=none " + p.dir + "/local"
		}
		stages = append(stages, stage)
	}
	chain := exec.Command("sh", "-c", strings.Join(stages, " | "))
	chain.SysProcAttr = p.attr
	out, err := chain.CombinedOutput()
	names, _ := os.ReadDir(filepath.Join(p.root, p.dir, "local"))
	if len(names) == 0 {
		p.Errorf("no rule was written: %v\n%s", err, out)
	}
	p.Logf("%d files", len(names))
}

// fails has every program end with status 3 and say each of these words.
func (p *place) fails(want ...string) {
	p.Helper()
	for _, words := range all {
		out, status := p.report(words)
		if status != 3 {
			p.Errorf("%v: status %d\n%s", words, status, out)
		}
		for _, w := range want {
			if !strings.Contains(string(out), w) {
				p.Errorf("%v: no %q in %s", words, w, out)
			}
		}
	}
}

const (
	someUser  = "--reuid=65534 --regid=65534 --clear-groups"
	noSpaces  = "namespaces: not in force: "
	noRoot    = "root: not in force: "
	otherUser = "user: in force\n"
	sameUser  = "user: in force: this user namespace has no other user than root\n"
	noCaps    = "capabilities: in force\n"
	spaces    = "namespaces: in force\nroot: in force\n"
)

// Root that maps only itself has namespaces, and nobody else to be.
func TestWhereOwnUserNamespace(t *testing.T) {
	p := newPlace(t, "unshare", "-Ur")
	p.reports(spaces, sameUser, noCaps)
	p.works()
	p = newPlace(t, strings.Fields("setpriv "+someUser+" unshare -Ur")...).ordinary()
	p.reports(spaces, sameUser, noCaps)
	p.works()
}

// The same with bubblewrap, and without the capabilities.
func TestWhereBubblewrap(t *testing.T) {
	bwrap := "bwrap --bind / / --proc /proc --dev /dev --unshare-user --uid 0 --gid 0"
	for _, more := range []string{"", " --cap-drop ALL"} {
		for _, who := range []string{"", "setpriv " + someUser + " "} {
			p := newPlace(t, strings.Fields(who+bwrap+more)...)
			if who != "" {
				p.ordinary()
			}
			p.reports(sameUser, noCaps)
			p.works()
		}
	}
	newPlace(t, strings.Fields(bwrap+" --cap-drop ALL")...).reports(noSpaces, noRoot)
}

// mapped makes a user namespace that has root and so many other numbers.
func mapped(numbers int) *syscall.SysProcAttr {
	ids := []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}, {ContainerID: 1, HostID: 100000, Size: numbers}}
	return &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER, UidMappings: ids, GidMappings: ids, GidMappingsEnableSetgroups: true}
}

// Podman without root maps the user and a range of numbers: the highest of them is
// nobody's.
func TestWhereMappedNumbers(t *testing.T) {
	p := newPlaceWith(t, mapped(65536))
	p.reports(spaces, noCaps)
	p.works()
	out, err := p.command(p.bin+"/sl-parse", "--sandbox=report").CombinedOutput()
	if err != nil || !strings.Contains(string(out), otherUser) {
		t.Errorf("%v: %s", err, out)
	}
}

// _sl is nobody's name where its number is not mapped.
func TestWhereNamedUserIsNotMapped(t *testing.T) {
	passwd := filepath.Join(t.TempDir(), "passwd")
	if err := os.WriteFile(passwd, []byte("root:x:0:0::/:/bin/sh\n_sl:x:4321:4321::/:/bin/false\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	sh := fmt.Sprintf(`mount --bind %s /etc/passwd && exec "$0" "$@"`, passwd)
	newPlace(t, "unshare", "-m", "sh", "-c", sh).reports(spaces, otherUser, noCaps)
	newPlace(t, "unshare", "-Urm", "sh", "-c", sh).reports(spaces, sameUser, noCaps)
	newPlaceWith(t, mapped(500), "unshare", "-m", "sh", "-c", sh).reports(spaces, otherUser, noCaps)
}

// Root without the capability to make namespaces has what an ordinary user has, but
// that it becomes another user.
func TestWhereRootMayMakeNoNamespaces(t *testing.T) {
	p := newPlace(t, strings.Fields("setpriv --bounding-set=-sys_admin")...)
	p.reports(noSpaces+"root lacks CAP_SYS_ADMIN", noRoot, otherUser, noCaps)
	p.works()
	p = newPlace(t, strings.Fields("setpriv --bounding-set=-all")...)
	p.reports(noSpaces, noRoot, noCaps)
	p.works()
	out, err := p.command(p.bin+"/sl-parse", "--sandbox=report").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "user: not in force: root lacks CAP_SETUID or CAP_SETGID here\n") {
		t.Errorf("%v: %s", err, out)
	}
	p = newPlace(t, strings.Fields("setpriv --bounding-set=-setpcap,-setgid")...)
	p.reports(spaces, noCaps)
	p.works()
}

// A system that allows no more namespaces is one like that.
func TestWhereNamespacesAreUsedUp(t *testing.T) {
	p := newPlace(t, "unshare", "-Ur", "sh", "-c", `echo 0 >/proc/sys/user/max_net_namespaces && exec "$0" "$@"`)
	p.reports(noSpaces+"unshare: mount, net, ipc, uts and cgroup namespaces: no space left on device", noRoot, sameUser, noCaps)
	p.works()
}

// A look at the layers needs no right to the target.
func TestWhereReportNeedsNoTarget(t *testing.T) {
	p := newPlace(t, strings.Fields("setpriv "+someUser)...) // whose folder is not the user's
	p.reports(noCaps)
}

// Without CAP_SETFCAP root cannot map itself into a user namespace, which the companion
// that checks needs: the hint says so, whatever filter there is besides.
func TestWhereRootMayMapNobody(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root has capabilities to give up")
	}
	for _, keep := range []string{"-all", "-all,+net_bind_service"} {
		p := newPlace(t, "setpriv", "--inh-caps=-all", "--bounding-set="+keep)
		cmd := p.command(p.bin+"/sl-write", "-n", p.dir+"/local")
		out, _ := cmd.CombinedOutput()
		if status := cmd.ProcessState.ExitCode(); status != 3 || !strings.Contains(string(out), "CAP_SETFCAP") || !strings.Contains(string(out), "--no-check") {
			t.Errorf("%s: status %d\n%s", keep, status, out)
		}
	}
}
