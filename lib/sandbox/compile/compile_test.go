//go:build seccomp

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	seccomp "github.com/seccomp/libseccomp-golang"

	"github.com/sl-suite/sl/lib/sandbox/calls"
)

// What is committed is what the policies say. Another version of libseccomp may
// write other instructions for the same policy; the programs were made with 2.5.
func TestCommittedPrograms(t *testing.T) {
	if major, minor, _ := seccomp.GetLibraryVersion(); major != 2 || minor != 5 {
		t.Skipf("libseccomp %d.%d, the committed programs are of 2.5", major, minor)
	}
	for arch := range architectures {
		for _, p := range calls.All(arch) {
			got, err := compile(p, arch)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(filepath.Join("..", "bpf", fileName(p, arch)))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s is old: go generate ./lib/sandbox", fileName(p, arch))
			}
		}
	}
}
