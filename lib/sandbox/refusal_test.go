package sandbox

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A second start that somebody makes by hand ends with 3 and has read nothing.
func TestForgedSecondStart(t *testing.T) {
	path := program(t)
	orders := map[string]string{
		"nothing":              "",
		"garbage":              "x",
		"another version":      "3" + order{role: SecondStart}.String()[1:],
		"negative":             order{role: SecondStart, layout: layout{inputs: -1}}.String(),
		"too many inputs":      order{role: SecondStart, layout: layout{inputs: 99999}}.String(),
		"an ordinary user's":   order{role: SecondStart, apparmor: "none"}.String(),
		"root's":               order{role: SecondStart, namespaces: true, closed: true, apparmor: "none"}.String(),
		"root without spaces":  order{role: SecondStart, apparmor: "none", without: "none"}.String(),
		"root without a name":  order{role: SecondStart, namespaces: true, apparmor: "none", unnamed: "none"}.String(),
		"root that stays":      order{role: SecondStart, apparmor: "none", without: "none", stays: "none"}.String(),
		"root that is alone":   order{role: SecondStart, apparmor: "none", without: "none", alone: "none"}.String(),
		"all layers":           order{role: SecondStart, namespaces: true, all: true, closed: true}.String(),
		"with inputs":          order{role: SecondStart, layout: layout{inputs: 2}, apparmor: "none"}.String(),
		"with sealed memory":   order{role: SecondStart, layout: layout{blob: true}, apparmor: "none"}.String(),
		"with a parent":        order{role: SecondStart, parent: 1, apparmor: "none"}.String(),
		"a process that waits": order{role: waitsForAnother, child: 1, apparmor: "none"}.String(),
		"folders of another":   order{role: SecondStart, layout: layout{folders: 1}, apparmor: "none"}.String(),
	}
	forEach(t, func(t *testing.T, u user) {
		for name, order := range orders {
			c := u.command(path, "copy")
			c.Env = []string{marker + "=" + order}
			c.Stdin = strings.NewReader("hostile")
			e := finish(c)
			if e.status != 3 || e.out != "" || !strings.HasPrefix(e.message, "sandbox: ") {
				t.Errorf("%s: %v", name, e)
			}
		}
	})
}

// Some of what an attacker might leave out, and the layer that Lock then names.
// The plan is changed before it is run, so the rest is as it is in earnest.
var omissions = map[string]struct {
	layer      string
	namespaces bool // makes sense only with them
	root       bool // makes sense only as root
	change     func(*plan)
}{
	"limit CORE":         {layer: layerRlimits, change: without(layerRlimits, "CORE")},
	"limit NOFILE":       {layer: layerRlimits, change: without(layerRlimits, "NOFILE")},
	"limit DATA":         {layer: layerRlimits, change: without(layerRlimits, "DATA")},
	"limit FSIZE":        {layer: layerRlimits, change: without(layerRlimits, "FSIZE")},
	"user":               {layer: layerUser, root: true, change: without(layerUser, "setresuid")},
	"group":              {layer: layerUser, root: true, change: otherGroup},
	"the way back":       {layer: layerUser, root: true, change: keepTheWayBack},
	"one of the bounds":  {layer: layerCapabilities, namespaces: true, change: without(layerCapabilities, "bounding set, 7")},
	"securebits":         {layer: layerCapabilities, namespaces: true, change: without(layerCapabilities, "securebits")},
	"no_new_privs":       {layer: layerNoNewPrivs, change: both(without(layerNoNewPrivs, ""), without(layerLandlock, ""))},
	"mdwe":               {layer: layerMDWE, change: without(layerMDWE, "")},
	"landlock":           {layer: layerLandlock, change: without(layerLandlock, "")},
	"net namespace":      {layer: layerNamespaces, namespaces: true, change: withoutFlag(unix.CLONE_NEWNET)},
	"uts namespace":      {layer: layerNamespaces, namespaces: true, change: both(withoutFlag(unix.CLONE_NEWUTS), without(layerNamespaces, "sethostname"))},
	"root folder":        {layer: layerRoot, namespaces: true, change: without(layerRoot, "")},
	"read-only root":     {layer: layerRoot, namespaces: true, change: without(layerRoot, "read-only")},
	"an input":           {layer: layerDescriptors, change: promise(1, 0)},
	"a folder":           {layer: layerDescriptors, change: promise(0, 1)},
	"the sealed memory":  {layer: layerDescriptors, change: func(p *plan) { p.order.layout.blob = true; p.rewrite() }},
	"a closed place":     {layer: layerDescriptors, change: occupyPoller},
	"another parent":     {layer: layerNamespaces, change: func(p *plan) { p.order.parent = 1; p.rewrite() }},
	"no apparmor at all": {layer: layerAppArmor, change: func(p *plan) { p.order.apparmor = ""; p.rewrite() }},
	"all layers":         {layer: layerAppArmor, change: func(p *plan) { p.order.all = true; p.rewrite() }},
}

func TestOmissions(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		for name, o := range omissions {
			if o.namespaces && !u.namespaces || o.root && u.name != "root" {
				continue
			}
			if o.layer == layerMDWE && !knowsMDWE() || o.layer == layerLandlock && landlockABI() == 0 {
				continue
			}
			if o.layer == layerAppArmor && hasAppArmor() {
				continue
			}
			want := o.layer
			if name == "all layers" && !u.namespaces {
				want = layerNamespaces
			}
			c := u.command(path, "omit", name)
			c.Stdin = strings.NewReader("hostile")
			e := finish(c)
			if e.status != 3 || e.out != "" || !strings.HasPrefix(e.message, "sandbox: "+want+": ") {
				t.Errorf("without %s: %v; want %s", name, e, want)
			}
		}
	})
}

// omit is the first start of a program that leaves something out.
func omit(way string, p Policy, change func(*plan)) error {
	runtime.LockOSThread()
	pl, err := prepare(p, Handoff{}, order{role: SecondStart, namespaces: way == "namespaces"})
	if err != nil {
		return err
	}
	change(pl)
	return pl.run(p)
}

func both(f, g func(*plan)) func(*plan) {
	return func(p *plan) {
		f(p)
		g(p)
	}
}

// without leaves out the steps of a layer that are called so; all, where what is
// empty.
func without(layer, what string) func(*plan) {
	return func(p *plan) {
		before := len(p.list.steps)
		p.list.steps = slices.DeleteFunc(p.list.steps, func(s step) bool {
			return s.layer == layer && (what == "" || s.what == what)
		})
		if before == len(p.list.steps) {
			panic("nothing to leave out: " + what)
		}
	}
}

func withoutFlag(flag uintptr) func(*plan) {
	return func(p *plan) {
		for i, s := range p.list.steps {
			if s.nr == unix.SYS_UNSHARE && s.args[0]&flag != 0 {
				p.list.steps[i].args[0] &^= flag
				return
			}
		}
		panic("no such flag")
	}
}

func otherGroup(p *plan) {
	for i, s := range p.list.steps {
		if s.what == "setresgid" {
			p.list.steps[i].args[1] = 0 // the saved one does not survive the execution
		}
	}
}

// keepTheWayBack has the capability to change the user come through the execution,
// as an ambient one.
func keepTheWayBack(p *plan) {
	const can = 1 << unix.CAP_SETUID
	for _, what := range []string{"ambient set", "capset", "securebits", "bounding set, 7"} {
		without(layerCapabilities, what)(p)
	}
	l := &p.list
	i := slices.IndexFunc(l.steps, func(s step) bool { return s.what == "setresuid" })
	n := len(l.steps)
	l.add(layerCapabilities, "keep", unix.SYS_PRCTL, unix.PR_SET_KEEPCAPS, 1, 0, 0, 0)
	l.add(layerUser, "become", unix.SYS_SETRESUID, l.steps[i].args[:3]...)
	l.setCapabilities("take along", capabilitySets{can, can, can})
	l.add(layerCapabilities, "take along", unix.SYS_PRCTL, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, unix.CAP_SETUID, 0, 0)
	l.steps = slices.Replace(l.steps[:n], i, i+1, slices.Clone(l.steps[n:])...)
}

func promise(inputs, folders int) func(*plan) {
	return func(p *plan) {
		p.order.layout.inputs += inputs
		p.order.layout.folders += folders
		p.rewrite()
	}
}

// occupyPoller leaves something where the runtime's poller is to be.
func occupyPoller(p *plan) {
	last := len(p.list.steps) - 1
	p.list.steps = slices.Insert(p.list.steps, last, step{layer: layerDescriptors, what: "occupy", nr: unix.SYS_DUP3,
		args: [6]uintptr{2, pollerEvent, 0}, result: anyResult})
}

// rewrite makes the execution with a changed order; the descriptors stand where
// they stood.
func (pl *plan) rewrite() {
	l := &pl.list
	last := len(l.steps) - 1
	program := l.steps[last].args[0]
	l.steps = l.steps[:last]
	l.execute(layout{}, pl.order)
	l.steps[last].args[0] = program
}

func hasAppArmor() bool {
	b, err := os.ReadFile("/sys/module/apparmor/parameters/enabled")
	return err == nil && strings.HasPrefix(string(b), "Y")
}

// RequireAll ends with the layer that is missing, before anything is done.
func TestRequireAllNamesWhatIsMissing(t *testing.T) {
	if hasAppArmor() {
		t.Skip("this kernel has AppArmor")
	}
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		c := u.command(path, "copy")
		c.Args[3] = "all"
		if e := finish(c); e.status != 3 || !strings.HasPrefix(e.message, "sandbox: apparmor: ") {
			t.Error(e)
		}
	})
}

func TestLayers(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		e := finish(u.command(path, "layers"))
		lines := strings.Split(strings.TrimSuffix(e.out, "\n"), "\n")
		all := []string{layerDescriptors, layerEnvironment, layerNamespaces, layerRoot, layerRlimits, layerUser, layerCapabilities,
			layerNoNewPrivs, layerDumpable, layerMDWE, layerLandlock, layerAppArmor, layerSeccomp}
		if e.status != 0 || len(lines) != len(all) {
			t.Fatal(e)
		}
		for i, name := range all {
			on := true
			switch name {
			case layerNamespaces, layerRoot:
				on = u.namespaces
			case layerMDWE:
				on = knowsMDWE()
			case layerLandlock:
				on = landlockABI() > 0
			case layerAppArmor:
				on = false // no profile is called like the test
			}
			if !strings.HasPrefix(lines[i], fmt.Sprintf("%s %t ", name, on)) {
				t.Errorf("%q; want %s %t", lines[i], name, on)
			}
			if on != strings.HasSuffix(lines[i], "true ") {
				t.Errorf("%q: a reason and only where the layer is off", lines[i])
			}
		}
	})
}

func TestLayerError(t *testing.T) {
	err := error(&LayerError{layerRoot, fmt.Errorf("pivot_root: %w", unix.EPERM)})
	if err.Error() != "sandbox: root: pivot_root: operation not permitted" || !errors.Is(err, unix.EPERM) {
		t.Error(err)
	}
}
