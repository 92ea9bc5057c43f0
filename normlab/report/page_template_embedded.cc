#include "normlab/report/page_template.h"

// Defined by page_template_data.S.in.
extern "C" const char normlab_report_page_begin[];
extern "C" const char normlab_report_page_end[];

namespace normlab {

std::string_view report_page_template() {
  return {normlab_report_page_begin,
          static_cast<std::size_t>(normlab_report_page_end - normlab_report_page_begin)};
}

}  // namespace normlab
