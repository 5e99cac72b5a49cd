package sandbox

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/scripts/lab/act"
	"github.com/sl-suite/sl/scripts/lab/scene"
)

var updateDepth = flag.Bool("depth", false, "make the tables of which layers stop what again (testdata/depth-*.txt)")

// leftOut says how a layer is left out: steps of the first start that are not
// made. Its question is not asked then. The mount namespace stays in any case,
// for the mounts would be those of whoever watches.
//
// Two are not here. Landlock and seccomp both stand on no_new_privs. AppArmor is
// nothing that this process can leave out: the kernel has it or has not.
var leftOut = map[string]func(*plan){
	layerSeccomp:      func(*plan) {},
	layerLandlock:     leaveOut(layerLandlock),
	layerRlimits:      leaveOut(layerRlimits),
	layerMDWE:         leaveOut(layerMDWE),
	layerDumpable:     leaveOut(layerDumpable),
	layerCapabilities: leaveOut(layerCapabilities),
	layerDescriptors:  leaveOpen,
	layerRoot:         leaveRoot,
	layerEnvironment: func(p *plan) {
		execute := &p.list.steps[len(p.list.steps)-1]
		execute.args[3] = p.list.words(append(p.order.environment(), os.Environ()...))
	},
	layerNamespaces: func(p *plan) {
		leaveOutCalled(p, "sethostname")
		for i, s := range p.list.steps {
			if s.nr == unix.SYS_UNSHARE && s.args[0]&unix.CLONE_NEWNS != 0 {
				p.list.steps[i].args[0] = unix.CLONE_NEWNS
			}
		}
	},
	layerUser: func(p *plan) {
		for _, what := range []string{"setgroups", "setresgid", "setresuid"} {
			leaveOutCalled(p, what)
		}
	},
}

func leaveOut(layer string) func(*plan) {
	return func(p *plan) {
		p.list.steps = slices.DeleteFunc(p.list.steps, func(s step) bool { return s.layer == layer })
	}
}

// leaveOpen closes nothing but the places of the poller, which the list itself uses.
func leaveOpen(p *plan) {
	p.list.steps = slices.DeleteFunc(p.list.steps, func(s step) bool {
		return s.what == "close_range" && s.args[0] != pollerEpoll
	})
}

// leaveRoot opens the folders where they are.
func leaveRoot(p *plan) {
	opens := []uintptr{unix.SYS_OPENAT, unix.SYS_DUP3, unix.SYS_CLOSE}
	p.list.steps = slices.DeleteFunc(p.list.steps, func(s step) bool { return s.layer == layerRoot && !slices.Contains(opens, s.nr) })
	for i, s := range p.list.steps {
		if path, ok := strings.CutPrefix(s.what, "open "); ok && s.layer == layerRoot {
			p.list.steps[i].args[1] = p.list.text(path)
		}
	}
}

func leaveOutCalled(p *plan, what string) {
	p.list.steps = slices.DeleteFunc(p.list.steps, func(s step) bool { return s.what == what })
}

// depth is a program without some layers that obeys. Its arguments: the way, the
// layers with commas between, the folder that it may write to or nothing.
func depth(args []string) int {
	way, without, p, h := args[0], strings.Split(args[1], ","), pure, Handoff{}
	if args[2] != "" {
		p.Calls, h.Folders = "write", []string{args[2]}
	}
	if !Second() {
		runtime.LockOSThread()
		pl, err := prepare(p, h, order{role: SecondStart, namespaces: way == "namespaces"})
		if err == nil {
			for _, layer := range without {
				leftOut[layer](pl)
			}
			err = pl.run(p)
		}
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	o, err := parseOrder(os.Getenv(marker))
	if err == nil {
		err = lockWithout(p, o, without)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	act.Obey(act.ReadOrder(), act.Say, func(s *act.Scene) {
		if o.layout.folders > 0 {
			s.Folder = firstFolder
		}
	})
	return 0 // not reached
}

func lockWithout(p Policy, o order, without []string) error {
	asked := slices.DeleteFunc(conditions(p, o), func(c condition) bool { return slices.Contains(without, c.layer) })
	if _, err := verify(asked, false); err != nil {
		return err
	}
	if slices.Contains(without, layerSeccomp) {
		if err := makePoller(); err != nil {
			return err
		}
		defaultSignals(runtimeSignals)
		return noMoreDescriptors(p, o.layout)
	}
	k, err := kindOf(p.Calls)
	if err != nil {
		return err
	}
	return shut(p, o, instructions(k.program))
}

// TestDepth makes every act from a program without seccomp. Those that then have
// their effect are stopped by one layer only; they are listed in testdata with the
// reason why that is enough, and one that is not is a surprise. With -depth the
// tables are made again, and say for the others which single layer is the second.
func TestDepth(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes hundreds of processes")
	}
	if os.Geteuid() != 0 {
		t.Skip("the tables are of users who do not own the files, only root can make them")
	}
	path := program(t)
	for _, u := range users(t) {
		if u.name == "user-namespaces" {
			continue // what root has, from another side
		}
		t.Run(u.name, func(t *testing.T) {
			if err := scene.Isolate(); err != nil {
				t.Fatal(err)
			}
			sc, err := scene.New(filepath.Join(openDir(t), "scene"), u.credential, "")
			if err != nil {
				t.Fatal(err)
			}
			defer sc.Close()
			try := func(a act.Act, without ...string) scene.Outcome {
				folder := ""
				if a.Folder {
					folder = sc.Inside
				}
				args := u.command(path, "depth", strings.Join(without, ","), folder).Args[1:]
				how, err := sc.Try(a, path, args...)
				if err != nil {
					t.Fatalf("%s without %v: %v", a.Name, without, err)
				}
				return how
			}
			file := filepath.Join("testdata", "depth-"+u.name+".txt")
			if *updateDepth {
				writeDepth(t, file, try)
				return
			}
			table, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range act.All() {
				if how := try(a, layerSeccomp); how.Effect && !bytes.Contains(table, []byte("seccomp only\t"+a.Name+"\t")) {
					t.Errorf("%s is stopped by seccomp alone: %s", a.Name, how.Text)
				}
			}
		})
	}
}

// writeDepth makes the table of one kind of user.
func writeDepth(t *testing.T, file string, try func(act.Act, ...string) scene.Outcome) {
	var layers []string
	for name := range leftOut {
		if name != layerSeccomp {
			layers = append(layers, name)
		}
	}
	slices.Sort(layers)
	var lines []string
	for _, a := range act.All() {
		var alone, second []string
		without := try(a, layerSeccomp)
		for _, layer := range layers {
			if try(a, layer).Effect {
				alone = append(alone, layer)
			}
			if !without.Effect && try(a, layerSeccomp, layer).Effect {
				second = append(second, layer)
			}
		}
		if without.Effect {
			alone = append(alone, layerSeccomp)
		}
		switch {
		case len(alone) > 0:
			why := enough(a.Name)
			if why == "" {
				t.Errorf("%s is stopped by %v alone, without a reason", a.Name, alone)
			}
			lines = append(lines, strings.Join(alone, " or ")+" only\t"+a.Name+"\t"+why)
		case len(second) > 0:
			lines = append(lines, "seccomp, then "+strings.Join(second, " and ")+"\t"+a.Name)
		default:
			lines = append(lines, "seccomp, then several\t"+a.Name)
		}
	}
	slices.Sort(lines)
	if err := os.WriteFile(file, []byte(depthHead+strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

const depthHead = `# Which layers stop which act, in a program with the policy "pure"; those of a
# program that has a folder, with the policy "write".
#
#	X only            nothing but layer X stops it; the reason why that is enough
#	seccomp, then X   without seccomp, layer X stops it, and nothing but that
#	... then several  without seccomp, more than one layer stops it, or what the
#	                  act needs is not there (a kernel without it, another user)
#
# no_new_privs is never left out, for Landlock and seccomp stand on it, and
# AppArmor was not there.
#
# Made by: go test ./lib/sandbox -run Depth -depth
`
