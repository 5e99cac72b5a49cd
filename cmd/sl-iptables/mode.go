package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/sl-suite/sl/lib/stage"
)

// checkMode refuses what the mode would pass over in silence. Whoever names limits
// and forgets --block would get rules that let the scanners in.
func (f *flags) checkMode() error {
	for _, o := range [...]struct {
		name         string
		given, block bool
	}{
		{"--min-hits", f.MinHits != 0, true},
		{"--min-ports", f.MinPorts != 0, true},
		{"--min-hosts", f.MinHosts != 0, true},
		{"--within", f.Within != 0, true},
		{"--expire", f.Expire != 0, true},
		{"--never", len(f.Never) > 0, true},
		{"--spoofable", f.Spoofable, true},
		{"--sources", f.Sources != "exact", false},
		{"--widen", len(f.Widen) > 0, false},
	} {
		switch {
		case o.given && o.block && !f.Block:
			return fmt.Errorf("%s is for --block only", o.name)
		case o.given && !o.block && f.Block:
			return fmt.Errorf("%s is not for --block: sources are blocked one by one", o.name)
		}
	}
	switch {
	case f.AssumeDropped:
		return stage.WithHint(errors.New("--assume-dropped is gone: a packet of which the log does not say so may have been let through, or be no packet at all"),
			"sl-parse --prefix='TEXT=drop' says of one log prefix that its packets were dropped; the notes print it for each")
	case !f.Allow && !f.Block && f.Sandbox != "report":
		return stage.WithHint(errors.New("neither --allow nor --block: there is no default"),
			"--block proposes rules against those who knock, --allow rules that let through what was dropped")
	case f.Allow && f.Block:
		return errors.New("--allow and --block exclude each other")
	case len(f.Widen) > 2:
		return errors.New("--widen takes one number for IPv4 and one for IPv6")
	case len(f.Widen) > 0 && f.Sources != "net":
		return errors.New("--widen is for --sources=net only")
	case slices.Contains(f.Widen, 0):
		return errors.New("--widen: a block of /0 is everybody: --sources=any says so")
	}
	return nil
}
