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
// are not written. err is one that ends the run.
func (b *Broker) Plan() (changes []Change, refused []error, err error) {
	if !b.opts.DryRun {
		if err := b.lock(); err != nil {
			return nil, nil, err
		}
	}
	for _, t := range b.targets {
		for _, name := range slices.Sorted(maps.Keys(t.pending)) {
			c, err := b.change(t, name)
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

// change works out one file.
func (b *Broker) change(t *target, name string) (c Change, err error) {
	p := t.pending[name]
	f := t.file(name)
	was, err := f.snap(b.sys)
	if err != nil {
		return c, err
	}
	l, err := cut(was.body)
	if err != nil {
		return c, refuseLine(f.path, 1, err, "make the two marker lines one pair again, or delete both and keep the rules between them as your own")
	}
	standing, err := t.lang.rules(l.body)
	if err != nil {
		return c, refuseLine(f.path, l.line, fmt.Errorf("not as sl-write left it: %w", err), "move what was written there by hand out of the two marker lines")
	}
	body, err := b.merge(t, p, standing)
	if err != nil {
		return c, within(f.path, err)
	}
	c = Change{
		Path: f.path, Lang: t.language(), Syntax: t.Syntax, Profile: p.profile,
		Old: was.body, New: l.join(body),
		file: f, was: was, mode: t.mode(),
	}
	if len(c.New) > maxFile {
		return c, &Refusal{Subject: f.path, Reason: fmt.Sprintf("would be larger than %d MiB", maxFile>>20)}
	}
	return c, nil
}

// merge returns the body for the standing rules and the collected ones. It
// reads back what it is about to write: a rule that comes out of the merging
// and did not stand there before is judged like one from the stream.
func (b *Broker) merge(t *target, p *pending, standing []string) ([]byte, error) {
	old := make(map[string]bool, len(standing))
	for _, rule := range standing {
		old[rule] = true
	}
	all := slices.AppendSeq(slices.Clone(standing), maps.Keys(p.rules))
	slices.Sort(all)
	body, err := t.lang.body(slices.Compact(all))
	if err != nil {
		return nil, &Refusal{Subject: "merging the rules", Reason: err.Error()}
	}
	merged, err := t.lang.rules(body)
	if err != nil {
		return nil, fmt.Errorf("the merged rules cannot be read back: %w", err)
	}
	grades, err := t.lang.grade(merged)
	if err != nil {
		return nil, fmt.Errorf("the merged rules cannot be graded: %w", err)
	}
	grades = slices.DeleteFunc(grades, func(g grade) bool { return old[g.rule] })
	return body, b.judge(t.language(), p.profile, grades)
}
