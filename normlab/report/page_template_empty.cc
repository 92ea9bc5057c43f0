#include "normlab/report/page_template.h"

namespace normlab {

std::string_view report_page_template() {
  return {};
}

}  // namespace normlab
