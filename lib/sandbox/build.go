package sandbox

import (
	"errors"

	"golang.org/x/sys/unix"
)

// build makes the list of calls, of what was prepared.
func (pl *plan) build(p Policy, h Handoff, k kind) error {
	l, o, s, id := &pl.list, pl.order, pl.who, pl.id
	now, err := capabilities()
	if err != nil {
		return &LayerError{layerCapabilities, err}
	}
	if pl.forks { // so that the first failure can be told, too
		l.add(layerDescriptors, "report", unix.SYS_DUP3, uintptr(pl.report), uintptr(o.layout.reportAt()), unix.O_CLOEXEC)
	}
	if o.role == CompanionItself {
		// No terminal is its own, nor a job of a shell's: a signal that a key sends goes to
		// the program, and its end to the companion by the socket.
		l.add(layerDescriptors, "setsid", unix.SYS_SETSID)
	}
	if o.namespaces && !pl.apart {
		pl.makeNamespaces(h, k, !o.all && !k.programs) // while it can be done without
	}
	l.placeDescriptors(o.layout, pl.places)
	changes := s.becomes && id.uid != 0
	if pl.apart {
		if changes {
			l.dropRoot(id, s)
		}
		l.enterUserNamespace(id)
		pl.makeNamespaces(h, k, false)
		now = allCapabilities()
	}
	if k.programs {
		l.reopenNull()
	}
	switch {
	case h.Scratch != nil: // it runs programs, and is in namespaces
		l.mountScratch(h.Scratch, id, o.layout, changes)
	case o.namespaces && !k.programs:
		l.enterRoot(h.Folders, k)
	}
	l.keepCapabilities(id.keeps, now)
	if o.closed {
		l.closeBounds()
	}
	if pl.apart || changes || s.root && k.owner {
		l.limit(rlimit{"NPROC", unix.RLIMIT_NPROC, id.processes})
	}
	if changes && !pl.apart {
		l.dropGroups(s)
	}
	l.confine(rlimits(p, o.layout, o.outputs()...), o.layout, id)
	l.execute(o.layout, o)
	return nil
}

// makeNamespaces makes them, and mounts the new root folder of whoever gets one. For
// the others the tree is read-only.
func (pl *plan) makeNamespaces(h Handoff, k kind, gives bool) {
	chrooted := !pl.apart && !rootIsMount() // a chroot has no user namespaces
	pl.list.enterNamespaces(gives, pl.order.unnamed)
	if k.programs {
		pl.list.makeReadOnly(chrooted)
	} else {
		pl.list.mountRoot(h.Folders, chrooted, gives)
	}
}

// fit makes of what is wanted what the starter can have.
func (o *order) fit(s starter, k kind) error {
	switch {
	case o.spaceless != nil && (k.programs || o.all):
		return &LayerError{layerNamespaces, o.spaceless}
	case k.programs:
		o.namespaces, o.without = true, ""
	case o.namespaces && o.spaceless != nil:
		o.namespaces, o.without = false, o.spaceless.Error()
	case o.namespaces && s.root && !s.spaces && !o.all:
		o.namespaces, o.without = false, "root lacks CAP_SYS_ADMIN here"
	}
	o.alone = s.alone
	if k.owner {
		return nil // root stays root
	}
	o.stays = s.stays
	if o.all && s.stays != "" {
		return &LayerError{layerUser, errors.New(s.stays)}
	}
	return nil
}
