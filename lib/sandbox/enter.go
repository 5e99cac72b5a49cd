package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"
)

// Enter is the first start: it confines the process and executes the program
// itself again, with the same arguments and an empty environment. It returns only
// when that failed, with a *[LayerError]; the process is then partly confined and
// has lost descriptors, so there is nothing left to do but to say so and exit.
//
// In mode [RequireAll], where the user is not root, the second start is a child
// process. This one waits for it and ends as it ended: with its status, or by its
// signal.
func Enter(p Policy, h Handoff, m Mode) error {
	all := m == RequireAll
	return enter(p, h, all || os.Geteuid() == 0, all)
}

// enter is Enter with or without namespaces, and with or without a demand for all
// layers.
func enter(p Policy, h Handoff, namespaces, all bool) error {
	runtime.LockOSThread()
	o := order{role: SecondStart, namespaces: namespaces, all: all}
	if err := Raised(); err != nil {
		return err
	}
	if underFilter() {
		if err := o.askFilter(h); err != nil {
			return err
		}
	}
	if h.Companion != nil {
		o.role, o.which = WithCompanion, h.Companion.Which
		socket, err := startCompanion(h.Companion, o)
		if err != nil {
			return &CompanionError{err}
		}
		h.Inputs = append([]int{socket}, h.Inputs...)
	}
	return carryOut(p, h, o, func(pl *plan) error { return pl.run(p) })
}

// carryOut prepares and starts; and where root is refused what it can go without, once
// more without that. By then nothing has been done.
func carryOut(p Policy, h Handoff, o order, start func(*plan) error) error {
	for {
		pl, err := prepare(p, h, o)
		if err != nil {
			return err
		}
		o = pl.order
		err = start(pl)
		pl.list.release()
		var refused *callError
		if !errors.As(err, &refused) || !o.concede(refused) {
			return err
		}
	}
}

// A plan is what Enter does, before it is done.
type plan struct {
	list  list
	order order
	id    identity
	who   starter
	apart bool // in a user namespace of its own
	forks bool // the list runs in a child
	opened
}

func (pl *plan) run(p Policy) error {
	if pl.forks {
		return pl.runInChild(p)
	}
	return pl.list.explain(run(pl.list.steps))
}

// prepare opens what is needed and builds the list. Of the order, role, which,
// namespaces and all are set.
func prepare(p Policy, h Handoff, o order) (*plan, error) {
	k, err := kindOf(p.Calls)
	if err != nil {
		return nil, &LayerError{layerSeccomp, err}
	}
	if err := leastLimits(p, h, k, os.Geteuid() == 0 && k.owner); err != nil {
		return nil, err
	}
	s, err := knowStarter()
	if err != nil {
		return nil, &LayerError{layerUser, err}
	}
	if err := o.fit(s, k); err != nil {
		return nil, err
	}
	apart := o.namespaces && (!s.spaces || k.ownNetwork()) // in a user namespace of its own
	at := layout{len(h.Inputs), len(h.Folders), len(h.Blob) > 0}
	o.layout = at
	if apart && o.role != CompanionItself { // which sees its end by the socket
		o.parent = os.Getpid()
	}
	o.closed = apart || s.bounds
	pl := &plan{order: o, who: s, apart: apart, forks: apart || o.role == CompanionItself}
	if err := check(p, pl.order); err != nil {
		return nil, &LayerError{layerDescriptors, err}
	}
	if err := absolute(h.Folders); err != nil {
		return nil, &LayerError{layerDescriptors, err}
	}
	if h.Scratch != nil {
		if err := h.Scratch.check(k); err != nil {
			return nil, &LayerError{layerRoot, err}
		}
		pl.order.scratch = h.Scratch.Path
	}
	if err := pl.open(h, k, pl.order, pl.forks); err != nil {
		return nil, err
	}
	path, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return nil, &LayerError{layerAppArmor, err}
	}
	pl.order.apparmor = stackOnExec(path, k.child)
	if o.all && pl.order.apparmor != "" {
		return nil, &LayerError{layerAppArmor, errors.New(pl.order.apparmor)}
	}
	if pl.id, err = identityFor(k, s); err != nil {
		return nil, &LayerError{layerUser, err}
	}
	if err := pl.build(p, h, k); err != nil {
		return nil, err
	}
	return pl, nil
}

// confine adds what any user may do to a process.
func (l *list) confine(limits []rlimit, at layout, id identity) {
	l.add(layerEnvironment, "umask", unix.SYS_UMASK, 0o077)
	l.add(layerEnvironment, "chdir", unix.SYS_CHDIR, l.text("/"))
	for _, r := range limits {
		l.limit(r)
	}
	l.become(id)
	l.dropCapabilities(id.keeps)
	l.setAttributes()
	if landlockABI() > 0 {
		l.enterLandlock(at)
	}
}

func (l *list) execute(at layout, o order) {
	l.add(layerDescriptors, "execute the program again (is it static? CGO_ENABLED=0)", unix.SYS_EXECVEAT, uintptr(at.programAt()),
		l.text(""), l.words(os.Args), l.words(o.environment()), unix.AT_EMPTY_PATH)
}

// check refuses what cannot be meant.
func check(p Policy, o order) error {
	k, err := kindOf(p.Calls)
	if err != nil {
		return err
	}
	if k.programs && !o.namespaces {
		return fmt.Errorf("the system call policy %q is for namespaces only", p.Calls)
	}
	if p.Data < MinData {
		return fmt.Errorf("%d bytes of data, the least is %d", p.Data, MinData)
	}
	if folders := o.layout.folders > 0; folders && k.folders == 0 || !folders && k.owner {
		return fmt.Errorf("the system call policy %q and %d folders", p.Calls, o.layout.folders)
	}
	if err := standard(); err != nil {
		return err
	}
	return o.layout.valid(o.hasSocket())
}

func absolute(paths []string) error {
	for _, path := range paths {
		if !filepath.IsAbs(path) {
			return fmt.Errorf("%s is no absolute path", path)
		}
	}
	return nil
}
