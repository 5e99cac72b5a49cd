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

	"github.com/sl-suite/sl/lib/sandbox/internal/act"
	"github.com/sl-suite/sl/lib/sandbox/internal/scene"
)

var updateDepth = flag.Bool("depth", false, "make the tables of which layers stop what again (testdata/depth-*.txt)")

// leftOut says how a layer is left out: steps of the first start that are not
// made. Its question is not asked then. The mount namespace stays in any case,
// for the mounts would be the machine's.
var leftOut = map[string]func(*plan){
	layerSeccomp:     func(*plan) {},
	layerLandlock:    leaveOut(layerLandlock),
	layerRlimits:     leaveOut(layerRlimits),
	layerMDWE:        leaveOut(layerMDWE),
	layerDescriptors: func(p *plan) { leaveOutCalled(p, "close_range") },
	layerRoot:        leaveOut(layerRoot),
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

func leaveOutCalled(p *plan, what string) {
	p.list.steps = slices.DeleteFunc(p.list.steps, func(s step) bool { return s.what == what })
}

// depth is a program without some layers that makes an act. Its arguments: the
// way, the layers with commas between, the act, the scene.
func depth(args []string) int {
	way, without := args[0], strings.Split(args[1], ",")
	a, ok := act.Find(args[2])
	sc, err := act.ParseScene(args[3])
	if !ok || err != nil {
		return 2
	}
	if !Second() {
		runtime.LockOSThread()
		pl, err := prepare(pure, Handoff{}, order{role: SecondStart, namespaces: way == "namespaces"})
		if err == nil {
			for _, layer := range without {
				leftOut[layer](pl)
			}
			err = pl.run(pure)
		}
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	if err := lockWithout(without); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	a.Tell(sc)
	return 0
}

func lockWithout(without []string) error {
	o, err := parseOrder(os.Getenv(marker))
	if err != nil {
		return err
	}
	asked := slices.DeleteFunc(conditions(pure, o), func(c condition) bool { return slices.Contains(without, c.layer) })
	if _, err := verify(asked, false); err != nil {
		return err
	}
	if !slices.Contains(without, layerSeccomp) {
		return shut(pure, o, instructions(pureProgram))
	}
	if err := makePoller(); err != nil {
		return err
	}
	defaultSignals(runtimeSignals)
	return noMoreDescriptors(pure, o.layout)
}

// TestDepth makes every act from a program without seccomp. Those that then have
// their effect are stopped by one layer only; they are listed in testdata, and
// one that is not is a surprise. With -depth the tables are made again, and say
// for the others which single layer is the second.
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
			sc, err := scene.New(filepath.Join(openDir(t), "scene"), u.credential)
			if err != nil {
				t.Fatal(err)
			}
			defer sc.Close()
			try := func(a act.Act, without ...string) scene.Outcome {
				args := u.command(path, "depth", strings.Join(without, ","), a.Name, sc.Text()).Args[1:]
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
			for _, a := range depthActs() {
				if how := try(a, layerSeccomp); how.Effect && !bytes.Contains(table, []byte("seccomp only\t"+a.Name+"\n")) {
					t.Errorf("%s is stopped by seccomp alone: %s", a.Name, how.Text)
				}
			}
		})
	}
}

func depthActs() []act.Act {
	return slices.DeleteFunc(act.All(), func(a act.Act) bool { return a.Folder })
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
	for _, a := range depthActs() {
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
		switch {
		case without.Effect:
			alone = append(alone, layerSeccomp)
			fallthrough
		case len(alone) > 0:
			lines = append(lines, strings.Join(alone, " or ")+" only\t"+a.Name)
		case len(second) > 0:
			lines = append(lines, "seccomp, then "+strings.Join(second, " and ")+"\t"+a.Name)
		default:
			lines = append(lines, "seccomp, then several\t"+a.Name)
		}
	}
	slices.Sort(lines)
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(depthHead+strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

const depthHead = `# Which layers stop which act, in a program with the policy "pure".
#
#	X only            nothing but layer X stops it
#	seccomp, then X   without seccomp, layer X stops it, and nothing but that
#	... then several  without seccomp, more than one layer stops it, or what the
#	                  act needs is not there (a kernel without it, another user)
#
# Made by: go test ./lib/sandbox -run Depth -depth
`
