package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/sl-suite/sl/lib/apparmor/header"
	"github.com/sl-suite/sl/lib/broker"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/stage"
)

// writer passes rules to the broker and its refusals to a person.
type writer struct {
	*flags
	s       *stage.Session
	broker  *broker.Broker
	locals  *header.Locals // who includes a file of local additions; nil where it is in no policy
	changed int            // files
}

func (f *flags) writer(s *stage.Session) (*writer, error) {
	trust, _ := record.ParseTrust(f.Trust)
	o := broker.Options{Trust: trust, Backup: f.Backup.Or(".bak"), DryRun: f.DryRun}
	if !f.DryRun { // a look needs no rights
		o.Owner = &broker.Owner{User: f.User, Groups: f.Groups}
	}
	if n, err := strconv.ParseUint(f.Danger, 10, 8); err == nil { // else it was not given
		o.Danger = uint8(n)
	}
	var err error
	if o.Decisions, err = broker.ParseDecisions(f.Decisions, f.DecisionsText); err != nil {
		return nil, stage.WithHint(err, "its lines are danger N, allow RULE and allow-for \"PROFILE\" RULE, as the hint of a refusal prints them")
	}
	w := &writer{flags: f, s: s}
	for i, t := range f.Resolved {
		bt := broker.Target{Folder: s.Folders[i], Path: t.Path, Name: t.Name}
		if t.Name != "" {
			bt.Syntax = f.Syntax
		} else {
			f.place(&bt)
			w.locals = bt.Locals
		}
		o.Targets = append(o.Targets, bt)
	}
	w.broker, err = broker.New(o)
	return w, err
}

// commit brings what was collected into the targets, or shows it.
func (w *writer) commit() error {
	changes, refused, err := w.broker.Plan()
	if err != nil {
		return err
	}
	for _, err := range refused {
		w.refuse(err)
	}
	for _, hint := range w.broker.Hints() {
		w.s.Hint(hint)
	}
	if changes, err = w.checked(changes); err != nil {
		return err
	}
	w.inVain(changes)
	w.changed += len(changes)
	if w.DryRun || w.Diff {
		for _, c := range changes {
			w.s.Out.Put(append(w.s.Out.Buffer(), c.Diff()...), 0)
		}
		if err := w.s.Out.Flush(); err != nil {
			return fmt.Errorf("standard output: %w", err)
		}
	}
	if w.DryRun {
		return w.broker.Unlock()
	}
	return w.broker.Commit(changes, nil)
}

// checked returns the changes that the system's own programs have nothing against.
func (w *writer) checked(changes []broker.Change) ([]broker.Change, error) {
	if w.NoCheck || len(changes) == 0 {
		return changes, nil
	}
	against, err := w.check(changes)
	if err != nil {
		return nil, err
	}
	good := changes[:0]
	for i := range changes {
		if against[i] != nil {
			w.refuse(against[i])
		} else {
			good = append(good, changes[i])
		}
	}
	return good, nil
}

// refuse reports what the broker did not take.
func (w *writer) refuse(err error) {
	var r *broker.Refusal
	if errors.As(err, &r) && r.Hint != "" {
		err = stage.WithHint(err, r.Hint)
	}
	w.s.Unusable("", 0, err)
}
