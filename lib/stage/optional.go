package stage

import "github.com/alecthomas/kong"

// Optional is a flag whose value may be left out: --backup or --backup=SUFFIX.
type Optional struct {
	Set   bool
	Value string
}

// Or returns the value, fallback where it was left out, and "" where the flag
// was not given.
func (o Optional) Or(fallback string) string {
	switch {
	case !o.Set:
		return ""
	case o.Value == "":
		return fallback
	}
	return o.Value
}

// IsBool tells kong that the flag stands alone unless a = follows.
func (o *Optional) IsBool() bool { return true }

// Decode takes the value over from kong.
func (o *Optional) Decode(ctx *kong.DecodeContext) error {
	o.Set = true
	if ctx.Scan.Peek().Type == kong.FlagValueToken {
		return ctx.Scan.PopValueInto("value", &o.Value)
	}
	return nil
}
