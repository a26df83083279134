class Den < Formula
  desc "{{.Summary}}"
  homepage "{{.URL}}"
  version "{{.Version}}"
  license "MIT"

  on_macos do
    on_arm do
      url "{{call .Archive "darwin/arm64"}}"
      sha256 "{{index .Sums "darwin/arm64"}}"
    end
    on_intel do
      url "{{call .Archive "darwin/amd64"}}"
      sha256 "{{index .Sums "darwin/amd64"}}"
    end
  end

  on_linux do
    on_arm do
      url "{{call .Archive "linux/arm64"}}"
      sha256 "{{index .Sums "linux/arm64"}}"
    end
    on_intel do
      url "{{call .Archive "linux/amd64"}}"
      sha256 "{{index .Sums "linux/amd64"}}"
    end
  end

  def install
    bin.install "bin/den"
    man1.install Dir["share/man/man1/*.1"]
    bash_completion.install "{{.Completions.bash}}"
    zsh_completion.install "{{.Completions.zsh}}"
    fish_completion.install "{{.Completions.fish}}"
    (share/"nushell/vendor/autoload").install "{{.Completions.nushell}}"
    (share/"xonsh").install "{{.Completions.xonsh}}"
    (share/"elvish/lib").install "{{.Completions.elvish}}"
  end

  def caveats
    "To add den to your shell: den setup"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/den --version")
    system bin/"den", "--workon-home", testpath/"envs", "list"
  end
end
