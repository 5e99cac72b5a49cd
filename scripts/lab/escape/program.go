package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sl-suite/sl/scripts/lab/act"
)

// A program is one that is attacked.
type program struct {
	folder string   // of its main package
	args   []string // with which it gets as far as to read its input

	beside    bool // it has a companion
	companion bool // what is attacked is the process beside it
	runs      bool // which runs other programs
}

// Words in the arguments that stand for something of the scene: the folder that a
// program may write to, and a file.
const (
	insideWord = "INSIDE"
	fileWord   = "FILE"
)

// programs are those of the suite, and the stage that is somebody else's.
var programs = []program{
	{folder: "cmd/sl-read", args: []string{fileWord}},
	{folder: "cmd/sl-parse"},
	{folder: "cmd/sl-apparmor", args: []string{"--no-policy"}},
	{folder: "cmd/sl-iptables", args: []string{"--allow"}},
	{folder: "cmd/sl-write", args: []string{insideWord}, beside: true},
	{folder: "testdata/filter", args: []string{"-p", "x"}},
	{folder: "cmd/sl-read", args: []string{"-f", insideWord + "/file"}, beside: true},
	{folder: "cmd/sl-read", args: []string{"-f", insideWord + "/file"}, companion: true},
	{folder: "cmd/sl-write", args: []string{insideWord + "/policy/local"}, companion: true, runs: true},
	{folder: "cmd/sl-write", args: []string{insideWord + "/rules.nft"}, companion: true, runs: true},
}

// choose returns the programs that are meant: by name, or as the folder of one and
// its arguments in one word.
func choose(words []string) ([]program, error) {
	if len(words) == 0 {
		return programs, nil
	}
	var chosen []program
	for _, word := range words {
		f := strings.Fields(word)
		if len(f) == 0 {
			return nil, fmt.Errorf("%q names no program", word)
		}
		if strings.Contains(f[0], "/") {
			chosen = append(chosen, program{folder: f[0], args: f[1:]})
			continue
		}
		before := len(chosen)
		for _, p := range programs {
			if p.folder == "cmd/"+f[0] && len(f) == 1 {
				chosen = append(chosen, p)
			}
		}
		if len(chosen) == before {
			return nil, fmt.Errorf("no program is called %q, and a folder has a slash", word)
		}
	}
	return chosen, nil
}

// writes reports whether the program may write to a folder.
func (b built) writes() bool { return !b.Companion && slices.Contains(b.Args, insideWord) }

// title is how the program is called in what is printed.
func (b built) title() string {
	words := append([]string{b.Name}, b.Args...)
	if b.Companion {
		words = append(words, "(companion)")
	}
	return strings.Join(words, " ")
}

// command is how the program is called in a scene. A terminal as standard input is
// refused by most, but not when they report their layers, which takes the same way
// into the sandbox.
func (b built) command(a act.Act, s *act.Scene, all bool) []string {
	args := slices.Clone(b.Args)
	for i, arg := range args {
		args[i] = strings.NewReplacer(insideWord, s.Inside, fileWord, s.Secret).Replace(arg)
	}
	switch {
	case a.Input == act.Terminal:
		args = append([]string{"--sandbox=report"}, args...)
	case all:
		args = append([]string{"--sandbox=require-all"}, args...)
	}
	return args
}
