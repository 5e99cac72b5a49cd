package broker

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Modes of files that do not exist yet.
const (
	localMode    = 0o644 // as Debian makes them: AppArmor policy is no secret
	firewallMode = 0o600
	stateMode    = 0o600
)

// A Change is one target file as it is and as it is to be.
type Change struct {
	Path    string // as messages call it
	Lang    string // record.AppArmor or record.Netfilter
	Syntax  string // of a firewall file
	Profile string // AppArmor: whose local additions these are
	Old     []byte // nil where there is no file yet
	New     []byte

	file file
	was  snapshot
	mode uint32
}

// Name is the file's base name.
func (c *Change) Name() string { return c.file.name }

// Plan reads the targets and returns what the collected rules change in them,
// sorted by target and name; nothing for a file that has all of them already.
// It takes the lock.
//
// Each *Refusal in refused is a file that will not be changed and whose rules
// are not written, or rules that may not stand together in one. err is one that ends
// the run.
func (b *Broker) Plan() (changes []Change, refused []error, err error) {
	if !b.opts.DryRun {
		if err := b.lock(); err != nil {
			return nil, nil, err
		}
	}
	for _, t := range b.targets {
		for _, name := range slices.Sorted(maps.Keys(t.pending)) {
			c, without, err := b.change(t, name)
			refused = append(refused, without...)
			var r *Refusal
			switch {
			case errors.As(err, &r):
				refused = append(refused, err)
			case err != nil:
				return nil, nil, err
			case !bytes.Equal(c.Old, c.New):
				changes = append(changes, c)
			}
		}
	}
	return changes, refused, nil
}

// change works out one file, without the rules that are refused.
func (b *Broker) change(t *target, name string) (c Change, refused []error, err error) {
	p := t.pending[name]
	f := t.file(name)
	was, err := f.snap(b.sys)
	if err != nil {
		return c, nil, err
	}
	if why, hint := b.opts.Owner.Keeps(f.path, int(was.stat.Uid), int(was.stat.Gid)); was.exists && why != "" {
		return c, nil, f.refuse(why, hint)
	}
	if !was.exists && !t.room(p.place) {
		return c, nil, f.refuse(tooManyFiles, "")
	}
	l, err := cut(was.body)
	if err != nil {
		return c, nil, refuseLine(f.path, 1, err, "make the two marker lines one pair again, or delete both and keep the rules between them as your own")
	}
	if err := t.lang.byHand(l.before); err != nil {
		return c, nil, refuseLine(f.path, 1, err, "give it a chain of its own, and jump to that one")
	}
	stands, err := t.lang.standing(l.body)
	if err != nil {
		return c, nil, refuseLine(f.path, l.line, fmt.Errorf("not as sl-write left it: %w", err), byHandHint(t, err))
	}
	refused, err = b.apart(t, p, stands.rules)
	if err != nil {
		return c, nil, within(f.path, err)
	}
	if len(p.rules) == 0 {
		return c, refused, nil
	}
	if err := b.tellOf(t, p, f.path, stands); err != nil {
		return c, nil, within(f.path, err)
	}
	body, more, err := b.merge(t, p, f.path, stands.rules)
	refused = append(refused, more...)
	if err != nil {
		return c, refused, within(f.path, err)
	}
	if len(p.rules) == 0 {
		return c, refused, nil
	}
	c = Change{
		Path: f.path, Lang: t.language(), Syntax: t.Syntax, Profile: p.profile,
		Old: was.body, New: l.join(stands.keep(body)),
		file: f, was: was, mode: t.mode(),
	}
	if len(c.New) > maxFile {
		return c, refused, &Refusal{Subject: f.path, Reason: fmt.Sprintf("would be larger than %d MiB", maxFile>>20)}
	}
	return c, refused, nil
}

// byHandHint says what to do about a part that is not ours any more. One that differs
// from its first line on may be whole, and in the other syntax.
func byHandHint(t *target, err error) string {
	const hint = "move what was written there by hand out of the two marker lines"
	var at *lineError
	if t.Name != "" && errors.As(err, &at) && at.line == 1 {
		return "if the file is in another syntax, --syntax names it; else " + hint
	}
	return hint
}
