package main

import (
	"github.com/alecthomas/kong"

	"github.com/sl-suite/sl/lib/source"
)

// vouched are the logs of --audit: auditd's where it names none.
type vouched []string

// IsBool tells kong that the flag stands alone unless a = follows.
func (v *vouched) IsBool() bool { return true }

// Decode takes one more over from kong.
func (v *vouched) Decode(ctx *kong.DecodeContext) error {
	path := source.AuditLog
	if ctx.Scan.Peek().Type == kong.FlagValueToken {
		if err := ctx.Scan.PopValueInto("file", &path); err != nil {
			return err
		}
	}
	*v = append(*v, path)
	return nil
}
