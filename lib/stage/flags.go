package stage

import (
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/sl-suite/sl/lib/record"
)

// Common holds the flags that every program has. Flags structs embed it.
type Common struct {
	Help    bool   `short:"h" help:"print this text and exit"`
	Version bool   `short:"V" help:"print the version and exit"`
	Schema  bool   `help:"print the JSON Schema of the stream and exit"`
	Partial bool   `help:"accept a stream that was cut on purpose: no end record is needed"`
	Quiet   bool   `short:"q" help:"print fatal messages only"`
	Sandbox string `enum:",report,require-all" default:"" placeholder:"report|require-all" help:"report: print the layers of the sandbox and exit; require-all: insist on every one"`
}

func (c *Common) common() *Common { return c }

// Flags is a pointer to a struct that embeds [Common]. A method Validate() error
// of it is called once it is filled.
type Flags interface{ common() *Common }

func args() []string { return os.Args[1:] }

// parseArgs fills p.Flags. done is the text to print where a flag asks for one.
func parseArgs(p *Program, args []string) (done string, err error) {
	parser, err := kong.New(p.Flags, kong.Name(p.Name), kong.NoDefaultHelp(), kong.Exit(func(int) {}))
	if err != nil {
		return "", err
	}
	for _, a := range args { // -h and -V win over whatever is wrong beside them
		switch a {
		case "-h", "--help":
			return helpText(p, parser.Model), nil
		case "-V", "--version":
			return p.version(), nil
		case "--schema":
			return string(record.Schema()), nil
		}
		if !strings.HasPrefix(a, "-") || a == "--" || a == "-" {
			break
		}
	}
	if _, err := parser.Parse(args); err != nil {
		return "", err
	}
	c := p.Flags.common()
	switch {
	case c.Help:
		return helpText(p, parser.Model), nil
	case c.Version:
		return p.version(), nil
	case c.Schema:
		return string(record.Schema()), nil
	}
	return "", nil
}

// withInput is a usage error, with a hint where a program that reads standard input
// was given a file.
func withInput(p *Program, err error) error {
	if !p.ReadsInput || !strings.HasPrefix(err.Error(), "unexpected argument") {
		return err
	}
	return WithHint(err, "the input is standard input: "+p.Name+" <FILE")
}

// usageText is the synopsis in Unix order: options, then operands.
func usageText(p *Program) string {
	text := ""
	for i, line := range p.Synopsis {
		if i == 0 {
			text = "usage: "
		} else {
			text += "       "
		}
		text += strings.TrimRight(p.Name+" "+line, " ") + "\n"
	}
	return text
}

func helpText(p *Program, model *kong.Application) string {
	text := usageText(p) + p.About + "\n\n"
	for _, f := range model.Flags {
		if f.Hidden {
			continue
		}
		head := "      --" + f.Name
		if f.Short != 0 {
			head = "  -" + string(f.Short) + ", --" + f.Name
		}
		switch {
		case f.PlaceHolder == "":
		case f.IsBool(): // an Optional
			head += "[=" + f.PlaceHolder + "]"
		default:
			head += "=" + f.PlaceHolder
		}
		text += head + "\n        " + f.Help + "\n"
	}
	return text + "\nThe manual is " + p.Name + "(1).\n"
}
