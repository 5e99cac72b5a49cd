package broker

import (
	"bytes"
	"errors"
	"fmt"
)

// Commit writes changes, which are those of the last Plan or fewer, and then
// state to the state file; nil leaves that file alone. It lets go of the lock
// and forgets the collected rules. It makes no system call that writes where
// there is nothing to change.
//
// After an error no target has been changed, unless the error says that some
// files have been replaced.
func (b *Broker) Commit(changes []Change, state []byte) (err error) {
	if b.opts.DryRun {
		return errors.New("dry run: nothing may be written")
	}
	defer func() {
		b.forget()
		if uerr := b.Unlock(); err == nil {
			err = uerr
		}
	}()
	if err := b.lock(); err != nil {
		return err
	}
	targets := make([]replacement, 0, len(changes))
	for _, c := range changes {
		targets = append(targets, replacement{file: c.file, was: c.was, body: c.New, like: c.was, mode: c.mode})
	}
	backups, err := b.backups(changes)
	if err != nil {
		return err
	}
	kept, err := b.keep(state)
	if err != nil {
		return err
	}
	return replaceAll(b.sys, backups, targets, kept)
}

// backups returns the copies to make of what is about to be replaced.
func (b *Broker) backups(changes []Change) (rs []replacement, err error) {
	if b.opts.Backup == "" {
		return nil, nil
	}
	for _, c := range changes {
		if !c.was.exists {
			continue
		}
		f := file{c.file.dir, c.file.name + b.opts.Backup, c.file.path + b.opts.Backup}
		if err := checkName(f.name); err != nil {
			return nil, fmt.Errorf("backup of %s: %w", c.Path, err)
		}
		was, err := f.snap(b.sys)
		if err != nil {
			return nil, fmt.Errorf("backup of %s: %w", c.Path, err)
		}
		rs = append(rs, replacement{file: f, was: was, body: c.was.body, like: c.was})
	}
	return rs, nil
}

// keep returns the replacement of the state file, if it says something new.
func (b *Broker) keep(state []byte) ([]replacement, error) {
	if b.state == nil || state == nil {
		return nil, nil
	}
	was, err := b.state.snap(b.sys)
	if err != nil || was.exists && bytes.Equal(was.body, state) {
		return nil, err
	}
	return []replacement{{file: *b.state, was: was, body: state, like: was, mode: stateMode}}, nil
}
