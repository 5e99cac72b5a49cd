//go:build seccomp

// Command compile turns the policies of lib/sandbox/calls into the programs
// that the kernel runs (seccomp(2), classic BPF), one file for each policy and
// architecture, in the folder that it is given:
//
//	go run -tags seccomp ./lib/sandbox/compile lib/sandbox/bpf
//
// It is the only part of the project that needs libseccomp, and cgo; the build tag
// keeps it out of "./...", so all the rest builds where there is only Go. What it
// writes is committed, so that what was reviewed is what runs.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/sl-suite/sl/lib/sandbox/calls"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: compile FOLDER")
		os.Exit(2)
	}
	if err := compileAll(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "compile:", err)
		os.Exit(1)
	}
}

func compileAll(folder string) error {
	for arch := range architectures {
		for _, p := range calls.All(arch) {
			program, err := compile(p, arch)
			if err != nil {
				return fmt.Errorf("%s for %s: %w", p.Name, arch, err)
			}
			if err := os.WriteFile(filepath.Join(folder, fileName(p, arch)), program, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

func fileName(p calls.Policy, arch string) string { return p.Name + "_" + arch + ".bpf" }
